"""The image of a gate, made on first use from this host's own programs: nft, dnsmasq, conntrack, busybox.

No registry is asked. The tag is the hash of the content, so another nft or another `gate.sh` is another image, and
gates that run keep theirs. Below `gate.py`, which has containers made of it.
"""

import hashlib
import io
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from emulator.door import Engine
from emulator.labels import GATE
from grammar.diagnostics import StackferryError

REPOSITORY = "stackferry/gate"
PROGRAMS: Mapping[str, str] = {
    # program: the Debian package that has it
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "conntrack": "conntrack",
    "busybox": "busybox-static",
}
APPLETS = (
    *("sh", "basename", "cat", "cmp", "cp", "dd", "echo", "grep", "ip", "kill", "ls", "mkdir", "mkfifo"),
    *("mv", "rm", "rmdir", "sed", "sleep", "sort", "uniq", "tar", "touch", "true"),
)
SCRIPT = Path(__file__).with_name("gate.sh")

_PLACES = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")
_LIBRARY = re.compile(r"(?:=>\s*)?(/\S+)\s+\(0x")


def ensure_image(engine: Engine) -> str:
    """The name of the gate's image, which is made if the engine has none; raises if the host lacks a program."""
    archive = archive_of(_content(_programs()))
    name = f"{REPOSITORY}:{hashlib.sha256(archive).hexdigest()[:12]}"
    if engine.image(name) is None:
        engine.import_image(
            name, archive, ['ENTRYPOINT ["/bin/sh", "/gate.sh"]', 'CMD ["main"]', f"LABEL {GATE}=image"]
        )
    return name


def missing_programs() -> tuple[str, ...]:
    """Packages that this host would need for the load-balanced network."""
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
    """The paths of the shared libraries in what `ldd` prints."""
    return tuple(match.group(1) for line in listing.splitlines() if (match := _LIBRARY.search(line)))


def _ldd(program: Path) -> str:
    return subprocess.run(  # noqa: S603 - programs of the host, found in its own directories
        ["/usr/bin/ldd", str(program)], capture_output=True, text=True, check=False
    ).stdout


def _content(programs: Iterable[Path], ldd: Callable[[Path], str] = _ldd) -> dict[str, bytes]:
    """Path in the image to content."""
    found: dict[str, bytes] = {
        "gate.sh": SCRIPT.read_bytes(),
        "etc/passwd": b"root:x:0:0:root:/:/bin/sh\n",
        "etc/group": b"root:x:0:\n",
    }
    for program in programs:
        found[f"bin/{program.name}"] = program.read_bytes()
        for library in libraries(ldd(program)):
            found[library.lstrip("/")] = Path(library).read_bytes()
    return found


def archive_of(content: Mapping[str, bytes]) -> bytes:
    """A tar of files and busybox's names; the same content gives the same bytes."""
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
