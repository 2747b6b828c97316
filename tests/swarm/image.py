"""The image of the scenarios: busybox and a script that behaves as its environment says, from the host's files."""

import io
import shutil
import tarfile
from pathlib import Path

NAME = "stackferry-test/actor:latest"

SCRIPT = r"""#!/bin/sh
# LIVES seconds (empty: for ever), then EXIT; on TERM: after TERM_AFTER seconds exit with TERM_EXIT, or "never".
if [ "$TERM_AFTER" = never ]; then trap '' TERM; else trap 'sleep ${TERM_AFTER:-0}; exit ${TERM_EXIT:-0}' TERM; fi
echo starting > /tmp/health
for step in $HEALTH; do
    ( sleep "${step%%:*}"; echo "${step#*:}" > /tmp/health ) &
done
if [ -n "$LIVES" ]; then sleep "$LIVES" & wait $!; exit "${EXIT:-0}"; fi
while :; do sleep 3600 & wait $!; done
"""


def archive() -> bytes:
    """The file system of the image as a tar."""
    busybox = shutil.which("busybox")
    assert busybox, "busybox-static is not installed"
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for folder in ("bin", "tmp", "etc", "proc", "sys", "dev", "run"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        _add(tar, "bin/busybox", Path(busybox).read_bytes())
        _add(tar, "bin/actor", SCRIPT.encode())
        _add(tar, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\n")
        for name in (
            "sh",
            "sleep",
            "cat",
            "grep",
            "echo",
            "ls",
            "id",
            "stat",
            "env",
            "kill",
            "true",
            "false",
            "hostname",
        ):
            entry = tarfile.TarInfo(f"bin/{name}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(entry)
    return stream.getvalue()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o755
    tar.addfile(entry, io.BytesIO(content))
