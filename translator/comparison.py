"""Compares manifests on disk with those of the stack as it is now: `convert --check`. Writes nothing."""

import os
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Manifest, render_json, render_yaml
from stackferry.translator.output import MARKER, file_name

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that differs from the text to write. `line` is the first that differs, from 1; None: the whole file."""

    path: str
    message: str
    line: int | None = None


def stale_files(target: str, manifests: Iterable[Manifest], form: str = "yaml") -> tuple[Stale, ...]:
    """The files that `write_folder` or `write_file` would change. Raises StackferryError if a file cannot be read."""
    objects = tuple(manifests)
    render = render_json if form == "json" else render_yaml
    try:
        if not os.path.isdir(target):
            return tuple(_compared(target, render(objects)))
        wanted = {file_name(one, form): render((one,)) for one in objects}
        found = [one for name, text in wanted.items() for one in _compared(os.path.join(target, name), text)]
        return (
            *found,
            *(
                Stale(os.path.join(target, name), "does not belong to anything in the stack")
                for name in _held(target, wanted)
            ),
        )
    except OSError as error:
        raise StackferryError(f"cannot read {error.filename or target}: {error.strerror or error}") from error


def _compared(path: str, text: str) -> Iterable[Stale]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            there = stream.read()
    except FileNotFoundError:
        yield Stale(path, "is missing")
        return
    if there != text:
        pairs = zip_longest(there.splitlines(), text.splitlines())
        line = next((number for number, (old, new) in enumerate(pairs, 1) if old != new), None)
        yield Stale(path, "differs from the stack", line)


def _held(folder: str, wanted: Mapping[str, str]) -> list[str]:
    """Manifests on disk that are no longer wanted: among those that the marker lists, else among all in the folder."""
    names = set(os.listdir(folder))
    if MARKER in names:
        with open(os.path.join(folder, MARKER), encoding="utf-8") as stream:
            names &= set(stream.read().splitlines())
    return sorted(name for name in names - {*wanted, MARKER} if name.endswith(_SUFFIXES))
