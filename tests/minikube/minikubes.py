"""Wrappers of minikube for a test's PATH: one records its calls, others misbehave.

watch = Watch(rig, folder)      then `**watch.settings` for a command, and `watch.calls()` afterwards
swallowing(rig, folder, "image load")       the settings of one that ends well there, and does nothing
"""

import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.minikube.rig import Rig


@dataclass(frozen=True, slots=True)
class Call:
    """One call of minikube: its words, and when it began and ended (seconds since 1970)."""

    words: str
    begun: float
    ended: float


class Watch:
    """Writes down the calls of minikube, which are the real one's."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self._log = folder / "minikube.log"
        noted = 'begun=$EPOCHREALTIME\n"$real" "$@"\ncode=$?\n'
        noted += f'echo "$begun $EPOCHREALTIME $*" >>{shlex.quote(str(self._log))}\nexit $code\n'
        self.settings = _before(rig, folder, noted)

    def calls(self) -> list[Call]:
        """Those that have ended since the last time that somebody asked."""
        lines = self._log.read_text("utf-8").splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        every = (line.split(" ", 2) for line in lines)
        return [Call(words, float(begun), float(ended)) for begun, ended, words in every]


def together(calls: list[Call]) -> float:
    """The seconds in which at least one of them ran."""
    total, end = 0.0, 0.0
    for call in sorted(calls, key=lambda call: call.begun):
        total += max(0.0, call.ended - max(call.begun, end))
        end = max(end, call.ended)
    return total


def swallowing(rig: Rig, folder: Path, words: str) -> dict[str, str]:
    """The environment in which minikube says that it did what begins with these words, and did not."""
    return _before(rig, folder, f'case "$*" in {shlex.quote(words)}*) exit 0 ;; esac\nexec "$real" "$@"\n')


def cutting(rig: Rig, folder: Path) -> dict[str, str]:
    """The environment in which a tar that is to be loaded loses its second half on the way."""
    cut = 'size=$(stat -c %s "$3")\n    truncate -s $((size / 2)) "$3"\n'
    return _before(rig, folder, f'if [ "$1 $2" = "image load" ]; then\n    {cut}fi\nexec "$real" "$@"\n')


def without(rig: Rig, folder: Path, name: str) -> dict[str, str]:
    """The environment without one of the rig's programs; whatever else there is of that name is not found either."""
    folder.mkdir()
    for program in (rig.folder / "path").iterdir():
        if program.name != name:
            (folder / program.name).symlink_to(program)
    for place in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
        for program in Path(place).iterdir():
            if program.name != name and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    return {"PATH": str(folder)}


def _before(rig: Rig, folder: Path, script: str) -> dict[str, str]:
    place = folder / "before"
    place.mkdir(parents=True, exist_ok=True)
    program = place / "minikube"
    real = rig.folder / "path" / "minikube"
    program.write_text(f"#!/bin/bash\nreal={shlex.quote(str(real))}\n{script}", "utf-8")
    program.chmod(0o755)
    return {"PATH": f"{place}:{rig.environment['PATH']}"}
