"""Two answers → the list of their differences, each at a key path that is the same for all projects."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.conformance.answer import Answer, Verdict

VERDICT = "(verdict)"
"""The path of a difference in the verdict itself."""

TEXT = "(text)"
"""The path of a difference in printed YAML."""

_PARTICULAR = re.compile(r"""/[^\s:]+(:\d+)*|\S+\.ya?ml(:\d+)*|"[^"]*"|'[^']*'|\d+|services[.\[]\w+\]?|service _?\w+""")
"""What is particular to a case in a message: paths, positions, names, numbers."""

_NAMED = {
    "services", "networks", "volumes", "secrets", "configs", "models", "environment", "labels", "annotations", "args",
    "depends_on", "driver_opts", "options", "sysctls", "ulimits", "extra_hosts", "storage_opt", "additional_contexts",
    "aux_addresses", "generic_resources",
}  # fmt: skip
"""Keys whose children are named by users: the names make no path of their own in the table."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the answers differ. `path` is generalised (`services.*.ports[].target`), `at` is the real one.

    `kind` is `missing` (the peer has it, we do not), `extra` (the reverse), `value`, `type`, `length` or `verdict`.
    """

    path: str
    kind: str
    at: str
    peer: str
    ours: str

    @property
    def group(self) -> str:
        """What differences of the same cause have in common; of verdicts, the message without the names in it."""
        if self.path != VERDICT:
            return f"{self.path}  ({self.kind})"
        message = self.peer if self.kind.endswith("/accepted") else self.ours
        lines = message.strip().splitlines() or [""]
        last = lines[-1] if "/crashed" in self.kind else " ".join(lines[:3])
        return f"{VERDICT} {self.kind}: {_PARTICULAR.sub('_', last)[:140]}"

    def __str__(self) -> str:
        return f"{self.at}: {self.kind}: peer {self.peer}, ours {self.ours}"


def compare(peer: Answer, ours: Answer) -> list[Difference]:
    """All differences, none if both mean the same.

    A peer that crashes or hangs accepts nothing, so a refusal is the right answer to it; nothing
    excuses a crash or a hang of ours.
    """
    if ours.verdict is Verdict.ACCEPTED and peer.verdict is Verdict.ACCEPTED:
        if type(peer.document) is list and type(ours.document) is list:
            return list(_lines(peer.document, ours.document))
        return list(_differences(peer.document, ours.document, (), ()))
    if ours.verdict is Verdict.REFUSED and peer.verdict is not Verdict.ACCEPTED:
        return []
    kind = f"{peer.verdict.value}/{ours.verdict.value}"
    return [Difference(VERDICT, kind, VERDICT, peer.error or peer.verdict.value, ours.error or ours.verdict.value)]


def _differences(peer: Any, ours: Any, path: tuple[str, ...], at: tuple[str, ...]) -> Iterator[Difference]:
    if type(peer) is dict and type(ours) is dict:
        named = bool(path) and path[-1] in _NAMED
        for key in sorted({*peer, *ours}):
            free = bool(path) and path[-1] == "x-*"
            deeper = path if free else (*path, "*" if named else "x-*" if key.startswith("x-") else key)
            if key not in ours:
                yield _difference("missing", deeper, (*at, key), _show(peer[key]), "-")
            elif key not in peer:
                yield _difference("extra", deeper, (*at, key), "-", _show(ours[key]))
            else:
                yield from _differences(peer[key], ours[key], deeper, (*at, key))
    elif type(peer) is list and type(ours) is list and path:
        deeper = path if path[-1:] == ("x-*",) else (*path[:-1], f"{path[-1]}[]")
        if len(peer) != len(ours):
            yield _difference("length", deeper, at, _show(peer), _show(ours))
        else:
            for index, (their_item, our_item) in enumerate(zip(peer, ours, strict=True)):
                yield from _differences(their_item, our_item, deeper, (*at, f"[{index}]"))
    elif _kind(peer) != _kind(ours):
        yield _difference("type", path, at, _show(peer), _show(ours))
    elif peer != ours:
        yield _difference("value", path, at, _show(peer), _show(ours))


def _lines(peer: list[str], ours: list[str]) -> Iterator[Difference]:
    """The first line of printed YAML that differs: what comes after it often only follows from it."""
    for number, (their_line, our_line) in enumerate(itertools.zip_longest(peer, ours), 1):
        if their_line != our_line:
            key = (their_line if their_line is not None else our_line).strip().partition(":")[0]
            yield Difference(f"{TEXT} {key}", "line", f"line {number}", repr(their_line), repr(our_line))
            return


def _kind(value: Any) -> str:
    """JSON's own types: there is one kind of number, and true is not one."""
    return "number" if type(value) in (int, float) else type(value).__name__


def _difference(kind: str, path: tuple[str, ...], at: tuple[str, ...], peer: str, ours: str) -> Difference:
    return Difference(".".join(path), kind, ".".join(at), peer, ours)


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
