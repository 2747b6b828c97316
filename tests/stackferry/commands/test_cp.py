"""`cp` and `images` on the real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.engine.fixtures import engine
from tests.engine.image import import_busybox
from tests.engine.stack import Stack

__all__ = ["engine"]


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    """A service of two tasks that run."""
    image = import_busybox(engine)
    web = f"image: {image}, network_mode: none, stop_grace_period: 0s, command: [sleep, '300'], deploy: {{replicas: 2}}"
    it = Stack(engine, tmp_path, f"services: {{web: {{{web}}}}}\n")
    it.ok("up", "-d", "-q")
    yield it
    it.close()


def test_there_and_back(stack: Stack) -> None:
    source = stack.folder / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "note").write_text("hello")

    stack.ok("cp", "source", "web:/tmp")
    stack.ok("cp", "--index", "2", "source/.", "web:/tmp/new")
    stack.ok("cp", "source/sub/note", "web.1:/tmp/source/")
    found = stack.ok("exec", "-T", "web.1", "find", "/tmp/source", "-type", "f").split()
    assert sorted(found) == ["/tmp/source/note", "/tmp/source/sub/note"]
    assert stack.ok("exec", "-T", "web.2", "cat", "/tmp/source/sub/note", "/tmp/new/sub/note") == "hellohello"

    stack.ok("cp", "web:/tmp/source/sub/note", "./other")
    assert (stack.folder / "other").read_text() == "hello"
    stack.ok("cp", "web:/tmp/source/.", "content")
    stack.ok("cp", "web:/tmp/source", ".")
    assert (stack.folder / "content" / "sub" / "note").read_text() == "hello"
    assert "ustar" in stack.ok("cp", "web:/tmp/source/note", "-")

    for words, says in (
        (("web:/nosuch", "."), "/nosuch"),
        (("nosuch", "web:/tmp"), "error: nosuch: No such file"),
        (("source", "web:/etc/passwd/x"), "no such directory: /etc/passwd"),
        (("a", "b"), "cannot copy without a service"),
        (("web:a", "web:b"), "cannot copy between services"),
    ):
        done = stack.run("cp", *words)
        assert (done.returncode, says in done.stderr) == (1, True), done.stderr


def test_images(stack: Stack) -> None:
    heading, *rows = stack.ok("images").splitlines()

    assert heading.split() == ["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE", "ID", "SIZE", "CREATED"]
    assert [row.split(".")[:2] for row in rows] == [[f"{stack.name}_web", "1"], [f"{stack.name}_web", "2"]]
    (identity,) = stack.ok("images", "-q", "web").split()
    assert len(identity) == 64
