import io
import tarfile
from pathlib import Path

import pytest

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet import image
from stackferry.emulator.webnet.image import archive_of, ensure_image, libraries

LDD = """\
\tlinux-vdso.so.1 (0x00007fb91d82b000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fb91d51c000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007fb91d82d000)
"""


def test_the_libraries_of_a_program() -> None:
    assert libraries(LDD) == ("/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2")
    assert libraries("\tnot a dynamic executable\n") == ()


def test_the_same_content_is_the_same_image() -> None:
    archive = archive_of({"b": b"2", "a": b"1"})

    assert archive == archive_of({"a": b"1", "b": b"2"})
    with tarfile.open(fileobj=io.BytesIO(archive)) as found:
        assert {"a", "b", "bin/sh", "state"} <= {one.name for one in found}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host whose programs are small files; one library belongs to them."""
    files = {name: tmp_path / name for name in (*image.PROGRAMS, "libc.so.6")}
    for name, path in files.items():
        path.write_text(name)
    monkeypatch.setattr(image, "_find", lambda program: str(files[program]))
    monkeypatch.setattr(image, "_ldd", lambda _: f"\tlibc.so.6 => {files['libc.so.6']} (0x00007fb91d51c000)\n")
    return tmp_path


@pytest.mark.parametrize("part", ["nft", "libc.so.6"])
def test_what_is_remembered_is_made_of_the_files_again_once_one_of_them_is_another(
    part: str, host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, memo, made = FakeEngine(VirtualClock()), host / "state" / "gate.json", []
    monkeypatch.setattr(image, "archive_of", lambda content: made.append(content) or repr(content).encode())
    first = ensure_image(engine, memo)

    assert [ensure_image(engine, memo) for _ in range(2)] == [first, first]
    assert len(made) == 1
    engine.remove_image(first)
    assert ensure_image(engine, memo) == first
    assert len(made) == 2

    (host / part).write_text("newer")

    assert ensure_image(engine, memo) != first
    assert len(made) == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "x", "files": {"/nowhere": [1, 2, 3]}, "ours": "x"}'])
def test_a_memo_that_is_spoilt_is_none(content: str, host: Path) -> None:
    (host / "memo").write_text(content)

    assert ensure_image(FakeEngine(VirtualClock()), host / "memo") == ensure_image(FakeEngine(VirtualClock()))
