"""Building a stack's images: early refusals and the order of builds; against docker compose."""

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stackferry.emulator.desired.builds import build_specs
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.docker_command import major
from stackferry.emulator.engine.image import BuildOptions, Unable
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.user_payloads import StoredObject, objects
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Disk
from stackferry.images.build import build_images, is_url
from stackferry.images.built import built_images
from stackferry.session import Session
from tests.compose5.peer import docker_compose
from tests.engine.building import with_buildx
from tests.engine.fixtures import engine, image
from tests.engine.own_image import own_name
from tests.engine.stack import Stack

__all__ = ["engine", "image"]


class Builder(FakeEngine):
    """Remembers what it built; what needs these keys is beyond it."""

    def __init__(self, *beyond: str) -> None:
        super().__init__(VirtualClock())
        self.beyond = beyond
        self.built: list[tuple[Path | str, BuildOptions]] = []

    def unable(self, options: BuildOptions) -> Unable | None:
        """As a docker command without its plugin."""
        keys = tuple(key for key in self.beyond if getattr(options, key))
        return Unable(keys, "needs what is not here", "install it") if keys else None

    def build(self, context: Path | str, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Remembered."""
        self.built.append((context, options))
        return super().build(context, options, progress)


Build = Callable[..., list[tuple[Path | str, BuildOptions]]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds the images of a compose file; gives what the builder was asked for."""

    def run(text: str, builder: Builder | None = None, **more: object) -> list[tuple[Path | str, BuildOptions]]:
        (tmp_path / "compose.yaml").write_text(f"name: s\nservices:\n{text}")
        environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "SET": "sesame"}
        stack = load(Request(files=(str(tmp_path / "compose.yaml"),)), files=Disk(), environment=environment)
        builder = builder or Builder()
        specs = build_specs(stack.project, stack.origin)
        build_images(Session(environment), builder, specs, **{"always": True, **more})  # type: ignore[arg-type]
        return builder.built

    return run


TWO = """\
  app:
    build:
      context: ./app
      additional_contexts: {b: 'service:base'}
  base:
    build:
      context: ./base
      secrets: [t]
secrets:
  t: {environment: SET}
"""


def test_what_cannot_be_built_is_refused_with_its_lines_before_anything_is_made(build: Build) -> None:
    text = "  plain: {build: ./plain}\n" + TWO.replace("context: ./app\n", "context: ./app\n      privileged: true\n")
    builder = Builder("privileged", "secrets")
    with pytest.raises(SourceError) as raised:
        build(text, builder)

    found = [(str(one.span).rpartition("/")[2], one.code, one.message, one.hint) for one in raised.value.diagnostics]
    assert found == [
        ("compose.yaml:12:16", "cannot-build", "services.base.build.secrets: needs what is not here", "install it"),
        ("compose.yaml:7:19", "cannot-build", "services.app.build.privileged: needs what is not here", "install it"),
    ]
    assert builder.built == []


def test_a_key_of_a_build_from_which_one_copies_stands_in_that(build: Build) -> None:
    class Docker(Builder):
        def unable(self, options: BuildOptions) -> Unable | None:
            return Unable(("secrets",), "needs more", "") if options.linked or options.secrets else None

    with pytest.raises(SourceError) as raised:
        build(TWO, Docker())

    assert [one.message for one in raised.value.diagnostics] == ["services.base.build.secrets: needs more"]


def test_images_for_elsewhere_are_refused_so_too(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("name: s\nservices:\n  a: {build: {context: ., privileged: true}}\n")
    stack = load(Request(files=(str(tmp_path / "compose.yaml"),)), files=Disk(), environment={})

    with pytest.raises(SourceError) as raised:
        built_images(Session({}), Builder("privileged"), stack.project, origin=stack.origin)

    assert [str(one.span).rpartition("/")[2] for one in raised.value.diagnostics] == ["compose.yaml:3:39"]


def test_what_it_copies_from_is_built_first_and_a_command_changes_both(build: Build, tmp_path: Path) -> None:
    asked = build(TWO, change=lambda one: replace(one, no_cache=True))

    assert [(context, options.tags) for context, options in asked] == [
        (tmp_path / "base", ("s-base",)),
        (tmp_path / "app", ("s-app",)),
    ]
    (base, app) = (options for _, options in asked)
    assert [(one.id, one.content) for one in base.secrets] == [("t", b"sesame")]
    assert app.linked["base"].options == base
    assert base.no_cache


def test_only_what_is_missing(build: Build) -> None:
    builder = Builder()
    builder.add_image("s-base")

    assert [options.tags for _, options in build(TWO, builder, always=False)] == [("s-app",)]
    # It may copy from that, whose secrets are then needed.
    assert builder.built[0][1].linked["base"].options.secrets != ()
    same = "  a: {image: x, build: .}\n  b: {image: x, build: .}\n"
    assert len(build(same, always=False)) == 1


@pytest.mark.parametrize(
    ("secret", "message", "hint"),
    [
        ("{file: ./absent}", "file ", "create it"),
        ("{environment: UNSET}", "UNSET is not set", "set it"),
        ("{external: true, name: x}", "secret not found: x", "stackferry secret create x FILE"),
    ],
)
def test_a_secret_that_is_not_there(build: Build, secret: str, message: str, hint: str) -> None:
    builder = Builder()
    with pytest.raises(SourceError) as raised:
        build(TWO.replace("{environment: SET}", secret), builder)

    (found,) = raised.value.diagnostics
    assert found.message.startswith(f"services.base.build.secrets: {message}")
    assert hint in found.hint
    assert str(found.span).endswith("compose.yaml:10:16")
    assert builder.built == []


def test_one_that_stackferry_keeps(build: Build, tmp_path: Path) -> None:
    objects({"XDG_STATE_HOME": str(tmp_path / "state")}).create(StoredObject("secret", "x", "1"), b"kept")
    asked = build(TWO.replace("{environment: SET}", "{external: true, name: x}"))

    assert [one.content for one in asked[0][1].secrets] == [b"kept"]


def test_a_context_elsewhere(build: Build) -> None:
    text = "  a: {build: 'https://example.org/x.git#main'}\n  b: {build: 'git@example.org:x.git'}\n  c: {build: .}\n"

    assert [type(context) for context, _ in build(text)] == [str, str, type(Path())]
    assert [is_url(one) for one in ("ssh://git@h/x", "github.com/a/b", "./github.com", "/a")] == [
        True,
        True,
        False,
        False,
    ]


def test_one_platform_is_said(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    asked = build("  a: {build: {context: ., platforms: [linux/arm64, linux/amd64]}}\n")

    assert asked[0][1].platform == "linux/amd64"
    assert "building s-a for linux/amd64, not for linux/arm64\n" in capsys.readouterr().err


COMPOSE = """\
name: {name}
services:
  web:
    image: {tag}
    build:
      context: ./web
      dockerfile: build.Dockerfile
      target: last
      args: {{WORD: "a $$x b", UNSET: }}
      secrets: [file, {{source: variable, target: v}}]
      extra_hosts: {{near: [10.0.0.1, 10.0.0.2]}}
      no_cache_filter: [last]
  inline:
    image: {tag}i
    build:
      context: ./web
      dockerfile_inline: |
        FROM {base}
        RUN --mount=type=secret,id=file cat /run/secrets/file >/file && echo "$$HOME" >/home
        COPY . /all
      secrets: [file]
secrets:
  file: {{file: ./secret.txt}}
  variable: {{environment: SFT_SECRET}}
"""
LINKED = """\
services:
  copy:
    image: {tag}i
    build:
      dockerfile_inline: |
        FROM base
        COPY --from=more secret.txt /from-more
        COPY --from=named /etc/passwd /from-named
      additional_contexts: {{base: 'service:web', more: ., named: 'docker-image://{base}'}}
"""
FILE = hashlib.sha256(b"of a file").hexdigest()
DOCKERFILE = """\
FROM {base} AS first
RUN --mount=type=secret,id=file cat /run/secrets/file >/file
FROM first AS last
ARG WORD
ARG UNSET
RUN --mount=type=secret,id=v,required=true cat /run/secrets/v >/variable; echo "$WORD-$UNSET" >/word; \\
    grep near /etc/hosts >/hosts
COPY --chmod=640 . /copied
FROM last AS not-this
RUN false
"""


class Side:
    """A folder with the stack, and a name for the image that only this test has."""

    def __init__(self, folder: Path, base: str, environment: dict[str, str]) -> None:
        self.folder, self.tag = folder, own_name("built")
        self.environment = {**environment, "SFT_SECRET": "of a variable"}
        (folder / "web").mkdir(parents=True)
        names = {"name": f"sft{self.tag[-8:]}", "tag": self.tag, "base": base}
        for path, text in {
            "compose.yaml": COMPOSE.format(**names),
            "linked.yaml": LINKED.format(**names),
            "secret.txt": "of a file",
            "web/build.Dockerfile": DOCKERFILE.format(base=base),
            "web/.dockerignore": "ignored\n**/*.log\n!keep.log\n",
            "web/kept": "kept",
            "web/ignored": "no",
            "web/a.log": "no",
            "web/keep.log": "yes",
        }.items():
            (folder / path).write_text(text)

    def run(self, *words: str) -> None:
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def tree(self, engine: DockerEngine, image: str) -> dict[str, tuple[str, int, str]]:
        """Every path of the image: its kind, its mode, its content."""
        container = engine.create(f"sft-{image.rpartition(':')[2]}", {"Image": image, "Cmd": ["true"]})
        try:
            source, packed = engine.get_archive(container, "/"), io.BytesIO()
            while piece := source.read(1 << 20):
                packed.write(piece)
            source.close()
            packed.seek(0)
            with tarfile.open(fileobj=packed) as tar:
                return {one.name: (str(one.type), one.mode, _content(tar, one)) for one in tar}
        finally:
            engine.remove(container)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = tar.extractfile(member) if member.isreg() else None
    return hashlib.sha256(file.read()).hexdigest() if file else member.linkname


@pytest.fixture
def sides(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    environment = with_buildx(tmp_path / "config")
    pair = Side(tmp_path / "theirs", image, environment), Side(tmp_path / "ours", image, environment)
    yield pair
    for side in pair:
        for name in (side.tag, f"{side.tag}i"):
            subprocess.run(["docker", "rmi", "-f", name], capture_output=True, check=False)


def both(engine: DockerEngine, sides: tuple[Side, Side], *words: str) -> Iterator[dict[str, tuple[str, int, str]]]:
    """Has docker compose build, then us, and compares: gives what is in each image."""
    program = docker_compose()
    theirs, ours = sides
    theirs.run(str(program), *words)
    stack = Stack(engine, ours.folder, (ours.folder / "compose.yaml").read_text())
    stack.environment = {**stack.environment, **ours.environment}
    stack.ok(*words)
    for ending in ("", "i"):
        found = [side.tree(engine, side.tag + ending) for side in (theirs, ours)]
        assert found[1] == found[0]
        yield found[1]


@pytest.mark.real
@pytest.mark.engine
def test_the_same_files_as_docker_compose_builds(engine: DockerEngine, sides: tuple[Side, Side]) -> None:
    web, inline = both(engine, sides, "build")

    assert [name for name in web if "copied/" in name and "keep" in name] != []
    assert next(one for name, one in inline.items() if name.strip("./") == "file")[2] == FILE


@pytest.mark.real
@pytest.mark.engine
def test_the_same_of_what_another_build_made(engine: DockerEngine, sides: tuple[Side, Side]) -> None:
    """Only the one that copies is asked for: the other is built for it, and has its name then."""
    if major(engine.version().version) < 23:
        pytest.skip("an engine before 23 knows no additional contexts")
    web, copy = both(engine, sides, "-f", "compose.yaml", "-f", "linked.yaml", "build", "copy")

    assert web.items() <= copy.items()
    assert {name.rpartition("/")[2] for name in copy.keys() - web.keys()} == {"from-more", "from-named"}
