"""Reduces a case that shows a difference to a smaller one that still shows it, ready to become a fixture.

Keys, items and files are removed as long as the difference stays. This works on YAML nodes, so that tags, anchors and
merge keys survive, and on any case, generated or real.
"""

import dataclasses
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import yaml

from tests.conformance.case import Case, note

TRIES = 300
"""How often the question may be asked again; each time costs a run of the peer."""

Files = Mapping[str, str]
"""Path inside the case's folder → text."""


def reduce(case: Case, shows: Callable[[Case], bool], folder: Path, tries: int = TRIES) -> bool:
    """Write into `folder` the smallest version found; False if the difference does not survive the move there."""
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        place = Path(scratch, Path(case.directory).name or "stack")

        def moved(files: Files) -> Case:
            _write(files, place)
            named = tuple(name for name in case.files if name in files) if case.files else ()
            return dataclasses.replace(case, directory=str(place), root=str(place), files=named)

        files: Files = _read(Path(case.directory))
        if not shows(moved(files)):
            return False
        position, progress = 0, False
        while tries > 0:
            for step in itertools.islice(_steps(files), position, None):
                tries -= 1
                smaller = step()
                if shows(moved(smaller)):
                    files, progress = smaller, True
                    break
                position += 1
                if tries <= 0:
                    break
            else:
                if not progress:
                    break
                position, progress = 0, False
        least = moved(files)
    _write({**files, "case.txt": note(least)}, folder)
    return True


def _steps(files: Files) -> Iterator[Callable[[], Files]]:
    """Every way to take one thing away, the largest things first."""
    for name in sorted(files):
        yield partial(_without, files, name)
    for name, text in sorted(files.items()):
        smaller = _smaller_yaml if name.endswith((".yaml", ".yml")) else _smaller_lines
        for step in smaller(text):
            yield partial(_with, files, name, step)


def _without(files: Files, name: str) -> Files:
    return {other: text for other, text in files.items() if other != name}


def _with(files: Files, name: str, step: Callable[[], str]) -> Files:
    return {**files, name: step()}


def _smaller_lines(text: str) -> Iterator[Callable[[], str]]:
    lines = text.splitlines(keepends=True)
    for number in range(len(lines)):
        yield partial("".join, lines[:number] + lines[number + 1 :])


def _smaller_yaml(text: str) -> Iterator[Callable[[], str]]:
    """The document without each of its nodes in turn, those near the root first."""
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        yield from _smaller_lines(text)
        return
    level: list[yaml.Node] = documents
    seen: set[int] = set()
    while level:
        deeper: list[yaml.Node] = []
        for node in level:
            if id(node) in seen or not isinstance(node, yaml.CollectionNode):
                continue
            seen.add(id(node))
            for index, child in enumerate(node.value):
                yield partial(_serialised_without, documents, node, index)
                deeper += child if isinstance(child, tuple) else (child,)
        level = deeper


def _serialised_without(documents: list[yaml.Node], node: yaml.CollectionNode, index: int) -> str:
    children = node.value
    node.value = children[:index] + children[index + 1 :]
    try:
        text: str = yaml.serialize_all(documents, Dumper=yaml.SafeDumper, allow_unicode=True)
    finally:
        node.value = children
    return text


def _read(folder: Path) -> dict[str, str]:
    """All files below a folder that are small enough to be looked at."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="surrogateescape")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size < 1_000_000
    }


def _write(files: Files, folder: Path) -> None:
    """Make `folder` hold exactly these files."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
