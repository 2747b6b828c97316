"""The released and installed package: an sdist and a wheel, one name in site-packages beside any other packages.

They are built here from the tree; `make release` gives the folder with its own builds in STACKFERRY_DIST.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from stackferry import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PACKAGES = ("grammar", "translator", "emulator", "stackferry")

# Distributions of these names are on PyPI; and a project may well have a folder of such a name.
STRANGERS = ("grammar", "translator", "emulator")


# What pip says where it has no network.
NO_INDEX = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ProxyError")


def hatch(where: Path, target: str, to: Path) -> Path:
    """Build `target` ("wheel", "sdist") of the source tree at `where`, without asking the network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(to)]
    subprocess.run(command, cwd=where, check=True, capture_output=True)
    return next(to.glob("*.whl" if target == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    released = os.environ.get("STACKFERRY_DIST")
    if released:
        return Path(released) / f"stackferry-{__version__}.tar.gz"
    return hatch(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release makes it: from the unpacked sdist."""
    released = os.environ.get("STACKFERRY_DIST")
    if released:
        return next(Path(released).glob(f"stackferry-{__version__}-*.whl"))
    folder = tmp_path_factory.mktemp("built")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    return hatch(next((folder / "source").iterdir()), "wheel", folder)


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def clean(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment into which pip has put one of them, with what it says it needs, from the index in use."""
    home = tmp_path_factory.mktemp(f"clean-{request.param}")
    venv.create(home, with_pip=False)
    command = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet"]
    done = subprocess.run(
        [*command, str(request.getfixturevalue(request.param))],
        capture_output=True,
        text=True,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    if done.returncode and NO_INDEX.search(done.stderr) and "STACKFERRY_DIST" not in os.environ:
        pytest.skip(f"pip reaches no index: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return home / "bin"


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel, its dependencies, and three strangers that break whoever imports them."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    # A .pth in a folder that a .pth names is not read: the editable install of these tests stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    add_strangers(site)
    return python


def add_strangers(folder: Path) -> None:
    for name in STRANGERS:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise SystemExit('imported by mistake')\n")


def kept(*paths: str) -> set[str]:
    """The files below these paths that git has, or would take: no links, nothing that was removed."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *paths]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return {name for name in listed if (ROOT / name).exists() and not (ROOT / name).is_symlink()}


def test_it_has_one_name_and_every_file_once(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = [name for name in archive.namelist() if ".dist-info/" not in name]
        tops = {name.split("/")[0].removesuffix(".dist-info").split("-")[0] for name in archive.namelist()}
    ours = kept(*PACKAGES)
    for_tests = {name for name in ours if name.startswith("emulator/fake/")}

    assert tops == {"stackferry"}
    assert for_tests
    assert sorted(packed) == sorted(
        name if name.startswith("stackferry/") else f"stackferry/{name}" for name in ours - for_tests
    )


def test_the_sdist_has_all_that_is_read_and_built(sdist: Path) -> None:
    """The packages, the pages and what the wheel is made by; nothing that lies about in a checkout, and no links."""
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    packed = [member.name.removeprefix(f"stackferry-{__version__}/") for member in members]
    pages = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml")

    assert [member.name for member in members if not member.isfile()] == []
    # Hatchling adds .gitignore, by which it chose the files, for whoever builds from the sdist.
    assert sorted(packed) == sorted({*kept(*PACKAGES, "docs"), *pages, "PKG-INFO", ".gitignore"})


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_an_index_accepts_its_metadata(kind: str, request: pytest.FixtureRequest) -> None:
    """What `twine check` looks at, and that nothing is promised which is not so."""
    path = request.getfixturevalue(kind)
    if kind == "wheel":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(f"stackferry-{__version__}.dist-info/METADATA")
    else:
        with tarfile.open(path) as archive:
            found = archive.extractfile(f"stackferry-{__version__}/PKG-INFO")
            assert found is not None
            text = found.read()
    said = Metadata.from_email(text, validate=True)

    assert (said.name, str(said.version), said.description_content_type) == (
        "stackferry",
        __version__,
        "text/markdown",
    )
    assert said.description == (ROOT / "README.md").read_text(encoding="utf-8")
    assert said.license_expression == "Apache-2.0"
    assert str(said.requires_python) == ">=3.11"


def test_it_works_in_a_clean_environment(clean: Path, tmp_path: Path) -> None:
    """All that it imports is among what it says it needs; no engine, and no other program, is asked for."""
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29', ports: ['8080:80']}}\n")
    (tmp_path / "Dockerfile").write_text("FROM alpine\n")

    def run(*words: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [clean / "stackferry", *words],
            cwd=tmp_path,
            env={"PATH": "", "HOME": str(tmp_path), "DOCKER_HOST": "unix:///nowhere.sock"},
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout.splitlines()

    assert run("--version")[1][0] == f"stackferry {__version__}"
    assert run("version", "--short") == (0, [__version__])
    code, manifests = run("convert")
    assert code == 0
    assert [line for line in manifests if line.startswith("kind: ")] == [
        "kind: Service",
        "kind: Service",
        "kind: Deployment",
    ]
    code, findings = run("lint", "Dockerfile")
    assert (code, findings[0]) == (1, "Dockerfile:1:6: warning[DL3006]: the image alpine has no tag")
    assert run("--help")[0] == 0


def test_a_checkout_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """`pip install .`, and pre-commit, build no sdist first; in a checkout there are the links."""
    with zipfile.ZipFile(wheel) as by_sdist, zipfile.ZipFile(hatch(ROOT, "wheel", tmp_path)) as straight:
        assert sorted(straight.namelist()) == sorted(by_sdist.namelist())


@pytest.mark.parametrize(
    "command", [["-m", "stackferry"], ["-P", "-m", "stackferry"]], ids=["folder first", "safe path"]
)
def test_strangers_of_the_old_names_do_no_harm(python: Path, command: list[str], tmp_path: Path) -> None:
    add_strangers(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    for words in (["config", "--services"], ["convert", "--format", "tree"], ["plan", "--help"]):
        done = subprocess.run(
            [python, *command, *words], cwd=tmp_path, env={"PATH": os.defpath}, capture_output=True, text=True
        )

        assert (done.returncode, "imported by mistake" in done.stdout + done.stderr) == (0, False), done.stderr
        assert done.stdout


def test_what_runs_is_what_was_installed(python: Path, tmp_path: Path) -> None:
    code = "import stackferry.emulator, stackferry.grammar.compose as it; print(it.__file__)"
    command = [python, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, check=True, env={"PATH": os.defpath}, capture_output=True, text=True)

    assert Path(done.stdout).is_relative_to(python.parent.parent)
