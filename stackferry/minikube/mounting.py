"""`--mount`: manages the `minikube mount` processes that mount folders of this machine on the node.

A mount lasts as long as its process. Its files are in `…/.minikube/stackferry/PROFILE/mounts/NAME`: `process` has the
process id, `output` its output, `argument` what it mounts.
"""

import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.minikube.mounts import MOUNTED, Wanted, failure, is_mounted

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.minikube.programs import Programs

_START = 60.0
"""Seconds until a folder must be mounted."""
_GRACE = 15.0
"""Seconds that a process gets to unmount its folder, before it is killed."""
_ASK = 30.0
_LOOK = 0.1


def mount(session: "Session", programs: "Programs", profile: str, folder: Path, every: Iterable[Wanted]) -> None:
    """Start those mounts that are not running yet. `folder` has the files about mounts.

    Raises StackferryError if a folder cannot be mounted.
    """
    every = tuple(every)
    there = _mounts_of_node(programs, profile) if every else ""
    for mounted in every:
        if _process(programs, folder / mounted.name, mounted) is not None and is_mounted(there, mounted.guest):
            continue
        _end(programs, folder / mounted.name)
        _start(programs, profile, folder / mounted.name, mounted)
        session.note(f"{mounted.host} is mounted on the node at {mounted.guest}; minikube mount runs until `down`")


def unmount(session: "Session", programs: "Programs", folder: Path, project: str, keep: Iterable[Wanted] = ()) -> None:
    """End the mounts of a stack except those in `keep`."""
    kept = {one.name for one in keep}
    for place, mounted in _known(folder):
        if mounted.name not in kept and mounted.guest.split("/")[-2:-1] == [project]:
            session.note(f"Unmounting {mounted.guest}")
            _end(programs, place)


def unmount_all(programs: "Programs", folder: Path) -> None:
    """End all mounts of a profile, before its machine is stopped or deleted."""
    for place, _ in _known(folder):
        _end(programs, place)


def _start(programs: "Programs", profile: str, place: Path, mounted: Wanted) -> None:
    place.mkdir(parents=True, mode=0o700)
    (place / "argument").write_text(f"{mounted.host}\n{mounted.guest}\n", "utf-8", "surrogateescape")
    programs.spawn(mounted.words(profile), place)
    end, absent = time.monotonic() + _START, 0
    while MOUNTED not in _read(place / "output"):
        # A process has no command line for a moment while a shell is replaced with the program.
        absent = absent + 1 if _process(programs, place, mounted) is None else 0
        is_late = time.monotonic() >= end
        if (absent > 1 or is_late) and MOUNTED not in (said := _read(place / "output")):
            why, hint = (
                (f"not done within {_START:.0f} s", "check whether the node is reachable") if is_late else failure(said)
            )
            _end(programs, place)
            raise StackferryError(f"minikube cannot mount {mounted.host}: {why}", hint)
        time.sleep(_LOOK)


def _end(programs: "Programs", place: Path) -> None:
    """Make the process unmount its folder, and remove its files."""
    mounted = _of(place)
    process = _process(programs, place, mounted) if mounted is not None else None
    if process is not None:
        end = time.monotonic() + _GRACE
        _send(process, signal.SIGTERM)
        while mounted is not None and _process(programs, place, mounted) is not None:
            if time.monotonic() >= end:
                _send(process, signal.SIGKILL)
            time.sleep(_LOOK)
    shutil.rmtree(place, ignore_errors=True)


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _known(folder: Path) -> Iterator[tuple[Path, Wanted]]:
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        mounted = _of(place)
        if mounted is not None:
            yield place, mounted


def _of(place: Path) -> Wanted | None:
    lines = _read(place / "argument").split("\n")
    return Wanted("\n".join(lines[:-2]), lines[-2]) if len(lines) > 2 else None


def _process(programs: "Programs", place: Path, mounted: Wanted) -> int | None:
    """The id of the mount's process, if the process with this id is still that mount."""
    text = _read(place / "process").strip()
    return int(text) if text.isdecimal() and mounted.is_served_by(_command(programs, int(text))) else None


def _command(programs: "Programs", process: int) -> str:
    """The command line of a process; empty if it is gone."""
    if Path("/proc/self/cmdline").exists():
        return _read(Path(f"/proc/{process}/cmdline")).replace("\0", " ")
    return programs.run(["ps", "-o", "args=", "-p", str(process)], patience=_ASK).out.strip()


def _mounts_of_node(programs: "Programs", profile: str) -> str:
    return programs.run(["minikube", "ssh", "-p", profile, "--", "cat /proc/mounts"], patience=_ASK).out


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
