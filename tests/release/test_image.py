"""The container image, built on the real engine and run by the real `docker compose bridge convert`."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from stackferry import __version__
from stackferry.emulator.engine.docker import DockerEngine
from tests.compose5.peer import docker_compose
from tests.release.base_image import ENVIRONMENT, archive
from tests.release.conftest import SCRIPTS

ROOT = Path(__file__).parents[2]

# What is in no file beside it: a transformer sees the model and nothing else of the machine.
STACK = """\
name: shop
services:
  web:
    image: {image}
    command: ["httpd", "-f", "-p", "8000"]
    ports: ["8080:8000"]
    depends_on: [db]
    environment: {{MODE: production}}
    secrets: [token]
    deploy: {{replicas: 2}}
  db:
    image: {image}
    command: ["sleep", "3600"]
    volumes: ["data:/data"]
    configs: [{{source: settings, target: /etc/settings}}]
volumes: {{data: {{}}}}
configs: {{settings: {{content: "colour=blue"}}}}
secrets: {{token: {{file: token.txt}}}}
"""


@pytest.fixture(scope="module")
def base(engine: DockerEngine) -> Iterator[str]:
    name = f"stackferry-test/python:{uuid.uuid4().hex[:12]}"
    engine.import_image(name, archive(), ENVIRONMENT)
    yield name
    subprocess.run(["docker", "rmi", "-f", *stages(name), name], capture_output=True)


def stages(base: str) -> list[str]:
    """What builds on this base have left without a name."""

    def lines(*words: str) -> list[str]:
        # One that another test removes meanwhile is an error, and none of ours.
        return subprocess.run(["docker", *words], capture_output=True, text=True).stdout.splitlines()

    first = "{{.Id}} {{index .RootFS.Layers 0}}"
    [own] = lines("image", "inspect", "--format", first, base)
    nameless = lines("image", "ls", "--quiet", "--filter", "dangling=true")
    found = [line.split() for line in lines("image", "inspect", "--format", first, *nameless)] if nameless else []
    return [name for name, layer in found if layer == own.split()[1]]


@pytest.fixture(scope="module")
def built(base: str) -> Iterator[str]:
    """The image as `make image` builds it."""
    name = f"stackferry-test/release-{uuid.uuid4().hex[:12]}"
    words = [sys.executable, SCRIPTS / "image.py", "--base", base, "--name", name]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{name}:{__version__}", f"{name}:latest"]
    yield f"{name}:{__version__}"
    subprocess.run(["docker", "rmi", "-f", *done.stdout.splitlines()], capture_output=True)


@pytest.fixture
def stack(tmp_path: Path, image: str) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "compose.yaml").write_text(STACK.format(image=image))
    (folder / "token.txt").write_text("a token\n")
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def convert(folder: Path, *words: str) -> dict[str, str]:
    """What the command on this machine writes for the stack."""
    command = [sys.executable, "-m", "stackferry", *words, "convert", "-o", folder.parent / "ours"]
    subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    return contents(folder.parent / "ours")


def test_with_arguments_it_is_the_command(engine: DockerEngine, built: str) -> None:
    def run(*words: str, given: str = "") -> str:
        command = ["docker", "run", "--rm", "-i", "--network", "none", built, *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout

    assert run("--version").splitlines()[0] == f"stackferry {__version__}"
    assert run("-f", "-", "config", "--services", given="services: {web: {image: nginx}}\n") == "web\n"


def test_it_says_what_it_is(engine: DockerEngine, built: str) -> None:
    found = engine.image(built)

    assert found is not None
    assert found.labels["com.docker.compose.bridge"] == "transformation"
    assert found.labels["org.opencontainers.image.version"] == __version__


def test_compose_bridge_gets_the_manifests_that_convert_writes(engine: DockerEngine, built: str, stack: Path) -> None:
    """`make image`, then what a user of docker compose types."""
    words = [docker_compose(), "bridge", "convert", "-t", built, "-o", stack.parent / "theirs"]
    done = subprocess.run(words, cwd=stack, capture_output=True, text=True)
    theirs = contents(stack.parent / "theirs")

    assert done.returncode == 0, done.stderr
    assert "db-deployment.yaml" in theirs
    assert theirs == convert(stack)


def test_compose_bridge_lists_it(engine: DockerEngine, built: str) -> None:
    words = [docker_compose(), "bridge", "transformations", "ls", "--format", "json"]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout

    assert built in listed


def test_a_model_that_is_refused_fails_with_its_place(engine: DockerEngine, built: str, tmp_path: Path) -> None:
    """With the mounts and the user that Compose Bridge gives a transformer."""
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "compose.yaml").write_text("services:\n    web:\n        image: nginx\n        x: 1\n")
    words = ["docker", "run", "--rm", "--user", str(os.getuid()), "--env", "LICENSE_AGREEMENT=true"]
    words += ["--volume", f"{tmp_path}/in:/in", "--volume", f"{tmp_path}/out:/out", built]
    done = subprocess.run(words, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("compose.yaml:4:5: error[unknown-key]: ")
    assert contents(tmp_path / "out") == {}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('[3, 13, "x86_64", "glibc"]', {"313", "cp313", "manylinux2014_x86_64", "manylinux_2_28_x86_64"}),
        ('[3, 12, "aarch64", ""]', {"312", "cp312", "musllinux_1_2_aarch64"}),
    ],
)
def test_wheels_are_chosen_for_the_python_of_the_base(image_script: ModuleType, said: str, words: set[str]) -> None:
    options = image_script.target(said).options()

    assert words <= {*options}
    assert any("manylinux" in one for one in options) != any("musllinux" in one for one in options)


def test_a_base_that_is_nowhere_is_told(engine: DockerEngine, image_script: ModuleType) -> None:
    with pytest.raises(image_script.ImageError, match="BASE=IMAGE takes another one"):
        image_script.build("localhost:1/nowhere:1", ["never:1"], "1")


def test_our_own_linter_finds_nothing_in_its_dockerfile() -> None:
    words = [sys.executable, "-m", "stackferry", "lint", SCRIPTS / "Dockerfile"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")
