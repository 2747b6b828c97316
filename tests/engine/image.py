"""The tests' image: only the host's static busybox, made without a registry."""

import fcntl
import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

from stackferry.emulator.engine.protocol import Engine

NAME = "stackferry-test/bb:latest"
LABEL = "io.stackferry.test.image"


def import_busybox(engine: Engine) -> str:
    """The image's name; it is made once per busybox and stays. Skips where there is no static busybox."""
    found = shutil.which("busybox")
    if found is None:
        pytest.skip("no busybox for the test image: `make engine` installs busybox-static")
    busybox = Path(found)
    digest = hashlib.sha256(busybox.read_bytes()).hexdigest()
    with (Path(tempfile.gettempdir()) / "stackferry-test-image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = engine.image(NAME)
        if there is None or there.labels.get(LABEL) != digest:
            engine.import_image(NAME, root(busybox), ['CMD ["sh"]', "ENV PATH=/bin", f"LABEL {LABEL}={digest}"])
    return NAME


def root(busybox: Path) -> bytes:
    """The file system as a tar: busybox under all its names, and the folders that programs look for."""
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("bin", "etc", "proc", "root", "run", "sys", "dev", "tmp"):
            tar.addfile(_entry(name, tarfile.DIRTYPE))
        tar.add(busybox, "bin/busybox")
        for applet in applets:
            if applet != "busybox":
                tar.addfile(_entry(f"bin/{applet}", tarfile.SYMTYPE, "busybox"))
        for name, text in (("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"), ("etc/group", "root:x:0:\n")):
            entry = _entry(name, tarfile.REGTYPE)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()


def _entry(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, link, 0o1777 if name == "tmp" else 0o755
    return entry
