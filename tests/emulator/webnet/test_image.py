import io
import tarfile

from emulator.webnet.image import archive_of, libraries

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
