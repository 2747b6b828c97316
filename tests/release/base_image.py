"""A base image for ours, made without a registry: the Python that runs the tests, its pip, its libraries, a shell.

It stands for `python:3.x-slim`, whose `python` with pip is all that .ci/release/Dockerfile asks for.
"""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3"}
LEFT_OUT |= {"__pycache__", "ensurepip"}
ENVIRONMENT = ["ENV PATH=/usr/local/bin:/bin", "ENV PYTHONDONTWRITEBYTECODE="]


def archive() -> bytes:
    """The file system of the image as a tar. Skips where this machine has no static busybox, or is no Linux."""
    busybox = shutil.which("busybox")
    if busybox is None or sys.platform != "linux":
        pytest.skip("no busybox for the base image: `make engine` installs busybox-static")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", dereference=True) as tar:
        for name, kind in _links(busybox):
            _entry(tar, name, kind)
        for name in ("tmp", "proc", "sys", "dev", "etc"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(entry)
        tar.add(busybox, "bin/busybox", filter=_open)
        stdlib = Path(sysconfig.get_path("stdlib"))
        program = Path(os.path.realpath(sys.executable))
        tar.add(program, str(program), filter=_open)
        tar.add(stdlib, str(stdlib), filter=_open)
        # Beside the standard library, which every Python looks through: where else packages lie differs.
        pip = importlib.util.find_spec("pip")
        assert pip is not None
        assert pip.origin is not None
        tar.add(Path(pip.origin).parent, str(stdlib / "pip"), filter=_open)
        extensions = [str(one) for one in (stdlib / "lib-dynload").glob("*.so") if not one.name.startswith("_tkinter")]
        for library in sorted(_libraries([str(program), *extensions])):
            tar.add(library, library, filter=_open)
    return stream.getvalue()


def _links(busybox: str) -> Iterator[tuple[str, str]]:
    yield "usr/local/bin/python", os.path.realpath(sys.executable)
    for name in ("sh", "rm", "ls", "cat"):
        yield f"bin/{name}", "busybox"


def _entry(tar: tarfile.TarFile, name: str, link: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, link
    tar.addfile(entry)


def _open(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """For every user to read, whoever may here; what nobody needs there is left out."""
    name = Path(entry.name).name
    if name in LEFT_OUT or name.startswith(("config-3", "_tkinter")):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode |= 0o755 if entry.isdir() else 0o444
    return entry


def _libraries(programs: list[str]) -> set[str]:
    """The shared libraries that these load, by the names under which they look for them; the loader too."""
    said = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^\s+(?:\S+ => )?(/\S+) \(0x", said, re.MULTILINE))
