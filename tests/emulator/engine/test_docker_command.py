"""The docker command as a builder: which builds it supports, and that it does them."""

import os
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.docker_command import DockerCommand, major
from stackferry.emulator.engine.image import BuildOptions, BuildSecret, Linked
from stackferry.emulator.engine.protocol import EngineError
from tests.engine.building import files, recorded, with_buildx, without_buildx
from tests.engine.place import refusal

SECRET = BuildOptions(secrets=(BuildSecret("a", content=b"x"),))
CONTEXTS = BuildOptions(contexts={"a": "/a"})


def command(folder: Path, **says: str) -> DockerCommand:
    """A docker command that says this of its plugin, of its builder and of itself; without a word it fails."""
    lines = [f"  '{words.replace('_', ' ')}'*) echo '{text}' ;;" for words, text in says.items()]
    script = folder / "docker"
    script.write_text("\n".join(('#!/bin/sh\ncase "$*" in', *lines, "  *) exit 1 ;;\nesac\n")))
    script.chmod(0o755)
    return DockerCommand({"PATH": str(folder)})


@pytest.mark.parametrize(
    ("says", "options", "engine", "keys", "words"),
    [
        ({"buildx_version": "github.com/docker/buildx v0.17.1 abc"}, SECRET, "20.10.24", None, ""),
        (
            {"buildx_version": "github.com/docker/buildx 0.13.1+ds1"},
            SECRET,
            "29.0.0",
            ("secrets",),
            "and 0.13 is installed",
        ),
        ({"buildx_version": "b v1.0.0", "buildx_inspect": "Name: x\nDriver: docker"}, CONTEXTS, "23.0.1", None, ""),
        (
            {"buildx_version": "b v1.0.0", "buildx_inspect": "Name: x\nDriver: docker"},
            BuildOptions(contexts={"a": "/a"}, ulimits={"nofile": "1"}),
            "20.10.24+dfsg1",
            ("additional_contexts", "ulimits"),
            "of Docker Engine 23 or later, and this engine is 20.10.24",
        ),
        (
            {"buildx_version": "b v1.0.0", "buildx_inspect": "Name: x\nDriver:   docker-container"},
            CONTEXTS,
            "20.10.24",
            None,
            "",
        ),
        ({"version": "20.10.24"}, SECRET, "20.10.24", None, ""),
        ({"version": "20.10.24"}, CONTEXTS, "29.0.0", ("additional_contexts",), "buildx plugin"),
        ({"version": "28.2.2"}, SECRET, "29.0.0", ("secrets",), "buildx plugin"),
    ],
)
def test_what_it_can(
    tmp_path: Path, says: dict[str, str], options: BuildOptions, engine: str, keys: tuple[str, ...] | None, words: str
) -> None:
    found = command(tmp_path, **says).unable(options, engine)

    assert (found and found.keys) == keys
    if found:
        assert words in found.message
        assert found.hint


def test_without_any() -> None:
    linked = BuildOptions(linked={"b": Linked("/b", SECRET)}, contexts={"b": "target:b"})
    found = DockerCommand({"PATH": "/absent"}).unable(linked, "29.0.0")

    assert found is not None
    assert found.keys == ("additional_contexts", "secrets")
    assert "docker is not on the PATH" in found.message
    assert "docker-buildx" in found.hint


def test_a_version_is_its_first_number() -> None:
    assert [major(one) for one in ("20.10.24+dfsg1", "v29.0", "dev", "")] == [20, 29, 0, 0]


class Builds:
    """An engine with a way to build, what is on command lines, and a name for the image."""

    def __init__(self, environment: dict[str, str], folder: Path, image: str) -> None:
        # Sockets of agents have short names.
        self.environment, self._log = recorded(environment, folder)
        self.engine = DockerEngine(environment=self.environment)
        self.base = image
        self.name = f"stackferry-test/{uuid.uuid4().hex[:12]}:1"
        self.said: list[str] = []

    def build(self, folder: Path, dockerfile: str, **options: object) -> str:
        (folder / "Dockerfile").write_text(f"FROM {self.base}\nENV RUN={self.name}\n{dockerfile}")
        return self.engine.build(folder, BuildOptions(tags=(self.name,), **options), self.said.append)  # type: ignore[arg-type]

    def words(self) -> str:
        return self._log.read_text()

    def close(self) -> None:
        for name in (self.name, f"{self.name}b"):
            try:
                self.engine.remove_image(name)
            except EngineError:
                assert self.engine.image(name) is None
        self.engine.close()


@pytest.fixture(params=[with_buildx, without_buildx], ids=["buildx", "old"])
def builds(request: pytest.FixtureRequest, engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Builds]:
    it = Builds(request.param(tmp_path / "config"), tmp_path / "bin", image)
    yield it
    it.close()


@pytest.fixture
def buildx(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Builds]:
    it = Builds(with_buildx(tmp_path / "config"), tmp_path / "bin", image)
    yield it
    it.close()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    found = tmp_path / "con, text"
    found.mkdir()
    return found


def test_secrets_and_what_else_an_engine_does_not_take(
    builds: Builds, context: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None stands on a command line, in what is said, or in a file that stays."""
    kept = tmp_path / 'my,"file'
    kept.write_text("of a file")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    built = builds.build(
        context,
        "ARG A\nRUN --mount=type=secret,id=v,required=true --mount=type=secret,id=f --mount=type=secret,id=b "
        'cd /run/secrets && cat v f b >/all && cat /etc/hosts >/hosts && echo "$A" >/a && echo said\n',
        args={"A": "${x} %{y} argument"},
        labels={"l": "${z}"},
        extra_hosts={"h": ("10.0.0.1", "10.0.0.2")},
        secrets=(
            BuildSecret("v", content="öpen sesame\n".encode()),
            BuildSecret("f", str(kept)),
            BuildSecret("b", content=b"\0bin"),
        ),
    )

    info = builds.engine.image(builds.name)
    assert info is not None
    assert info.id == built
    assert info.labels["l"] == "${z}"
    every, hosts, argument = files(builds.engine, builds.name, "/all", "/hosts", "/a")
    assert every.encode("latin-1") == "öpen sesame\nof a file\0bin".encode()
    assert {"10.0.0.1\th", "10.0.0.2\th"} <= set(hosts.splitlines())
    assert argument == "${x} %{y} argument\n"
    assert any(line.endswith("said") and "RUN" not in line for line in builds.said)
    told = builds.words() + "\n".join(line for line in builds.said if "RUN" not in line)
    assert "build" in told
    assert not any(one in told for one in ("sesame", "of a file", "argument"))
    assert list(scratch.iterdir()) == []


def test_nothing_new_is_the_same_image(builds: Builds, context: Path) -> None:
    dockerfile = "RUN --mount=type=secret,id=a cat /run/secrets/a >/a\n"
    first, second = (builds.build(context, dockerfile, secrets=(BuildSecret("a", content=b"x"),)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("heard", [True, False], ids=["heard", "quiet"])
def test_a_build_that_fails(builds: Builds, context: Path, heard: bool) -> None:
    (context / "Dockerfile").write_text(f"FROM {builds.base}\nRUN --mount=type=secret,id=a echo why; exit 3\n")
    options = BuildOptions(tags=(builds.name,), secrets=(BuildSecret("a", content=b"x"),))

    error = refusal(lambda: builds.engine.build(context, options, builds.said.append if heard else None))

    first, *rest = error.message.splitlines()
    assert first.endswith("exit code: 3")
    # The client inside of old docker commands does not pass on the place that an engine of today tells.
    if (
        major(builds.engine.version().version) >= 23
        and Path(builds.environment["DOCKER_CONFIG"], "cli-plugins").exists()
    ):
        assert first.startswith(f"{context}/Dockerfile:2: ")
    assert any("why" in line for line in (builds.said if heard else rest))
    assert heard or any("RUN --mount=type=secret" in line for line in rest)
    assert builds.engine.image(builds.name) is None


def test_an_agent_of_ssh(builds: Builds, context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as agent:
        agent.bind(f"{short}/s")
        agent.listen()
        builds.engine.command = DockerCommand({**builds.environment, "SSH_AUTH_SOCK": f"{short}/s"})
        builds.build(context, 'RUN --mount=type=ssh,required=true test -S "$SSH_AUTH_SOCK"\n', ssh={"default": None})

    assert builds.engine.image(builds.name) is not None


def test_a_dockerfile_inside_the_options(builds: Builds, context: Path) -> None:
    text = f"FROM {builds.base}\nRUN --mount=type=secret,id=a cat /run/secrets/a >/a\n"
    options = BuildOptions(tags=(builds.name,), inline=text, secrets=(BuildSecret("a", content=b"x"),))

    builds.engine.build(context, options, builds.said.append)

    assert files(builds.engine, builds.name, "/a") == ["x"]
    bad = BuildOptions(tags=(builds.name,), inline=f"{text}RUN exit 4\n", secrets=options.secrets)
    assert "exit code: 4" in refusal(lambda: builds.engine.build(context, bad)).message


def test_more_contexts_and_what_another_build_made(buildx: Builds, context: Path, tmp_path: Path) -> None:
    """Where the engine's BuildKit knows them; else that is said before anything is made."""
    more = tmp_path / "more"
    more.mkdir()
    (more / "note").write_text("from more")
    dockerfile = f"FROM {buildx.base}\nENV RUN={buildx.name}\n"
    (more / "Dockerfile").write_text(f"{dockerfile}RUN --mount=type=secret,id=a cat /run/secrets/a >/a\n")
    other = BuildOptions(tags=(f"{buildx.name}b",), secrets=(BuildSecret("a", content=b"of the other"),))
    text = "FROM other\nCOPY --from=more note /note\n"
    contexts = {"more": str(more), "other": "target:other"}
    options = BuildOptions(
        tags=(buildx.name,), inline=text, contexts=contexts, linked={"other": Linked(str(more), other)}
    )

    if major(buildx.engine.version().version) < 23:
        error = refusal(lambda: buildx.engine.build(context, options, buildx.said.append))
        assert error.message.startswith("additional_contexts: needs BuildKit of Docker Engine 23 or later")
        assert buildx.said == []
    else:
        buildx.engine.build(context, options, buildx.said.append)
        assert files(buildx.engine, buildx.name, "/note", "/a") == ["from more", "of the other"]
        # It stays between the two: its own name gets what is built for it.
        assert buildx.engine.image(f"{buildx.name}b") is None


def test_no_limit_of_memory_and_no_image_that_is_elsewhere(buildx: Builds, context: Path) -> None:
    build: Callable[..., object] = lambda **more: buildx.build(  # noqa: E731
        context, "RUN --mount=type=secret,id=a true\n", secrets=(BuildSecret("a", content=b"x"),), **more
    )

    assert "memory limit" in refusal(lambda: build(memory=1 << 28)).message
    buildx.engine.command.build = lambda *_: "sha256:" + "0" * 64  # type: ignore[method-assign]
    assert "does not have it" in refusal(build).message
    assert os.environ.get("DOCKER_CONFIG") != buildx.environment["DOCKER_CONFIG"]
