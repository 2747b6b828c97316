"""The scripts of the corpus, extracted roughly: text after RUN with joined continuation lines, and heredoc bodies."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dockerfiles"

_ESCAPE = re.compile(r"^#\s*escape=`", re.IGNORECASE | re.MULTILINE)
_RUN = re.compile(r"\s*(?:ONBUILD\s+)?RUN\s+(?:--[a-z]\S*\s+)*(.*)", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"\s*(?:ONBUILD\s+)?(?:COPY|ADD)\s", re.IGNORECASE)
_HEREDOC = re.compile(r"(?<!<)<<(-?)\s*([\"']?)(\w+)\2")
_ONLY_HEREDOC = re.compile(r"<<-?\s*[\"']?\w+[\"']?\s*")
_POWERSHELL = re.compile(
    r"Write-Host|powershell|\$env:|\$newPath|Get-FileHash|Invoke-WebRequest|\[Environment\]", re.IGNORECASE
)


@cache
def bodies() -> tuple[str, ...]:
    """All scripts, those that occur more than once included, without those that are PowerShell."""
    found = []
    for path in sorted(CORPUS.glob("*/Dockerfile*")):
        found += scripts(path.read_bytes().decode("utf-8", "surrogateescape"))
    return tuple(script for script in found if not _POWERSHELL.search(script))


def scripts(text: str) -> Iterator[str]:
    """The scripts of a Dockerfile."""
    escape = "`" if _ESCAPE.search(text) else "\\"
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines.reverse()
    while lines:
        instruction = _joined(lines, escape)
        found = _RUN.fullmatch(instruction)
        heredocs = _HEREDOC.findall(instruction) if found or _OTHER.match(instruction) else []
        inner = [_heredoc(lines, bool(dash), name) for dash, _, name in heredocs]
        if found is None or (found[1].startswith("[") and found[1].rstrip().endswith("]")):
            continue
        if _ONLY_HEREDOC.fullmatch(found[1]):
            yield inner[0]
        elif inner:
            bodies_and_ends = (f"{body}{name}\n" for body, (_, _, name) in zip(inner, heredocs, strict=True))
            yield f"{found[1]}\n{''.join(bodies_and_ends)}"
        else:
            yield found[1]


def _joined(lines: list[str], escape: str) -> str:
    """The next instruction; comments and empty lines are dropped."""
    pieces = []
    while lines:
        line = lines.pop()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.rstrip().endswith(escape):
            return "".join([*pieces, line])
        pieces.append(line.rstrip()[:-1])
    return "".join(pieces)


def _heredoc(lines: list[str], dash: bool, name: str) -> str:
    body = []
    while lines:
        line = lines.pop()
        line = line.lstrip("\t") if dash else line
        if line == name:
            break
        body.append(f"{line}\n")
    return "".join(body)
