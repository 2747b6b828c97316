"""The image of a gate, built on first use from this host's own programs: nft, dnsmasq, conntrack, busybox.

No registry is used. The tag is the hash of the content, so another nft or another `gate.sh` gives another image, and
running gates keep theirs. Below `gate.py`, which creates containers from it.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from stackferry.emulator.cluster.labels import GATE
from stackferry.emulator.engine.protocol import Engine
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.regex import regex

REPOSITORY = "stackferry/gate"
PROGRAMS: Mapping[str, str] = {
    # program: the Debian package that contains it
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "conntrack": "conntrack",
    "busybox": "busybox-static",
}
APPLETS = (
    *("sh", "basename", "cat", "cmp", "cp", "dd", "echo", "grep", "ip", "kill", "ls", "mkdir", "mkfifo"),
    *("mv", "nc", "rm", "rmdir", "sed", "sleep", "sort", "uniq", "tar", "touch", "true"),
)
SCRIPT = Path(__file__).with_name("gate.sh")
RETURN_SCRIPT = Path(__file__).with_name("return.sh")

_PLACES = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")
_OWN: Mapping[str, bytes] = {
    "gate.sh": SCRIPT.read_bytes(),
    "return.sh": RETURN_SCRIPT.read_bytes(),
    "etc/passwd": b"root:x:0:0:root:/:/bin/sh\n",
    "etc/group": b"root:x:0:\n",
}
_LIBRARY = regex(r"(?:=>\s*)?(/\S+)\s+\(0x")


def ensure_image(engine: Engine, memo: Path | None = None) -> str:
    """The name of the gate's image, built if the engine has none; raises if the host lacks a program.

    `memo` is a file that keeps the name and the files that it was built from: as long as none of them changes, their
    14 MB need not be read again.
    """
    programs = _programs()
    name = _remembered(memo, programs)
    if name and engine.image(name) is not None:
        return name
    parts = _parts(programs)
    archive = archive_of({**_OWN, **{path: file.read_bytes() for path, file in parts.items()}})
    name = f"{REPOSITORY}:{hashlib.sha256(archive).hexdigest()[:12]}"
    if engine.image(name) is None:
        engine.import_image(
            name, archive, ['ENTRYPOINT ["/bin/sh", "/gate.sh"]', 'CMD ["main"]', f"LABEL {GATE}=image"]
        )
    if memo is not None:
        _remember(memo, name, map(str, parts.values()))
    return name


def _remembered(memo: Path | None, programs: Iterable[Path]) -> str:
    """The name in the memo, if none of the files that it was built from has changed; else empty."""
    try:
        known = json.loads(memo.read_text(encoding="utf-8")) if memo else {}
        same = {*map(str, programs)} <= known["files"].keys() and known["files"] == _marks(known["files"])
        return str(known["name"]) if same and known["ours"] == _own_mark() else ""
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def _remember(memo: Path, name: str, files: Iterable[str]) -> None:
    # The disk is full: the image is built from the files again next time.
    with suppress(OSError):
        memo.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = {"name": name, "files": _marks(files), "ours": _own_mark()}
        fresh = memo.with_name(f"{memo.name}.{os.getpid()}")
        fresh.write_text(json.dumps(known), encoding="utf-8")
        fresh.replace(memo)


def _marks(files: Iterable[str]) -> dict[str, list[int]]:
    """What changes with a file's content: its inode, its size and its time."""
    return {path: [(found := Path(path).stat()).st_ino, found.st_size, found.st_mtime_ns] for path in files}


def _own_mark() -> str:
    return hashlib.sha256(repr((_OWN, APPLETS)).encode()).hexdigest()


def missing_programs() -> tuple[str, ...]:
    """Debian packages that this host lacks for the load-balanced network."""
    return tuple(package for program, package in PROGRAMS.items() if _find(program) is None)


def _find(program: str) -> str | None:
    return shutil.which(program, path=":".join(_PLACES))


def _programs() -> list[Path]:
    missing = missing_programs()
    if missing:
        raise StackferryError(
            f"the load-balanced network needs {', '.join(missing)} on this host",
            f"as root: apt-get install -y {' '.join(missing)}",
        )
    return [Path(found) for program in PROGRAMS if (found := _find(program))]


def libraries(listing: str) -> tuple[str, ...]:
    """The paths of the shared libraries in the output of `ldd`."""
    return tuple(match.group(1) for line in listing.splitlines() if (match := _LIBRARY.search(line)))


def _ldd(program: Path) -> str:
    return subprocess.run(  # noqa: S603 - programs of the host, found in its own directories
        ["/usr/bin/ldd", str(program)], capture_output=True, text=True, check=False
    ).stdout


def _parts(programs: Iterable[Path]) -> dict[str, Path]:
    """Maps paths in the image to the host's files: the programs, and the libraries that they load."""
    found: dict[str, Path] = {}
    for program in programs:
        found[f"bin/{program.name}"] = program
        for library in libraries(_ldd(program)):
            found[library.lstrip("/")] = Path(library)
    return found


def archive_of(content: Mapping[str, bytes]) -> bytes:
    """A tar of files and of links for busybox's commands; the same content gives the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for directory in ("proc", "sys", "dev", "run", "tmp", "state"):
            entry = tarfile.TarInfo(directory)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
        for path in sorted(content):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content[path]), 0o755
            archive.addfile(entry, io.BytesIO(content[path]))
        for applet in APPLETS:
            entry = tarfile.TarInfo(f"bin/{applet}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(entry)
    return buffer.getvalue()
