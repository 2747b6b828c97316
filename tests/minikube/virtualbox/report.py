"""`python tests/minikube/virtualbox/report.py`: where the stand-in for VBoxManage answers otherwise than the real one.

Both are asked the same command lines in the same order; how they end and what they print is compared, without what is
never the same: identifiers, addresses of cards, times, paths, and figures of the host. Ends with 1 on a difference.
"""

import difflib
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.minikube import session
from tests.minikube.virtualbox import both, chroot, commands

NEVER_THE_SAME = (
    # what it looks like, and what stands for it
    (r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "UUID"),
    (r"(?<=[\":= ])080027[0-9A-F]{6}", "MAC"),
    (r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "MAC"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z?", "TIME"),
    (r"\d+\.\d+\.\d+(?:_Debian)?r\d+", "VERSION"),
    (r"linux-headers-\S+", "HEADERS"),
    (r"(?m)^((?:Processor|Memory|Operating system)[^:]*|Status): .*$", r"\1: HOST"),
    # Where in VirtualBox' source a message comes from, and the usage behind a mistake.
    (r"(?m)^VBoxManage: error: Context: .*\n", ""),
    (r"(?m)^Oracle VirtualBox Command Line.*\n.*\n\n", ""),
    (r"\n\nUsage - [\s\S]*", "\n"),
)
OPENING = ("list systemproperties",)
"""Of these, the stand-in has only the beginning."""


def main() -> int:
    """Compare; 1 if anything differs."""
    asked = [(commands.all_of_them(), both.PROGRAM), (commands.WARNED, both.SCRIPT)]
    differing = [line for lines, program in asked for line in _differing(lines, program)]
    print(
        f"{sum(len(lines) for lines, _ in asked)} command lines, {len(differing)} answered otherwise", file=sys.stderr
    )
    return bool(differing)


def _differing(lines: Sequence[str], program: str) -> list[str]:
    with session.private("none") as rig, tempfile.TemporaryDirectory() as folder:
        for place in (rig.folder, Path(folder)):
            commands.make_files(place)
        theirs = both.real(chroot.folder(), Path(folder), lines, program)
        ours = both.stand_in(rig, lines, warning=program == both.SCRIPT)
        return [
            line
            for line, their, our in zip(lines, theirs, ours, strict=True)
            if not _alike(line, _plain(their, both.INSIDE), _plain(our, str(rig.folder)))
        ]


def _plain(answer: both.Answer, folder: str) -> list[str]:
    found = []
    for name, text in (("1", answer.out), ("2", answer.err)):
        plain = text.replace(folder, "FOLDER")
        for pattern, word in NEVER_THE_SAME:
            plain = re.sub(pattern, word, plain)
        found += [f"{name}| {line}" for line in plain.splitlines()]
    return [f"ends with {answer.code}", *found]


def _alike(line: str, theirs: list[str], ours: list[str]) -> bool:
    if line in OPENING:
        theirs = theirs[: len(ours)]
    if theirs != ours:
        print(f"\nVBoxManage {line}")
        for diff_line in difflib.unified_diff(theirs, ours, "the real one", "the stand-in", lineterm="", n=0):
            print(f"    {diff_line}")
    return theirs == ours


if __name__ == "__main__":
    sys.exit(main())
