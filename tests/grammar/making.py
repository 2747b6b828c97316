"""Helpers of the front end's tests: YAML text in; trees, stacks, problems and their text out."""

from collections.abc import Mapping
from typing import Any

import pytest

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.compose.tree.node import Node, plain
from stackferry.grammar.compose.tree.read import read
from stackferry.grammar.diagnostics import Diagnostics, SourceError
from stackferry.grammar.files import Memory

HERE = "/home/me/shop"
HOME = "/home/me"
FILE = "compose.yaml"

Given = str | bytes | Mapping[str, bytes | str]
"""The text of `compose.yaml`, or files by path."""


def tree(text: str) -> Node:
    """The only document of some YAML."""
    report = Diagnostics()
    documents = read(FILE, text.encode(), report)
    assert list(report) == []
    return documents[0].root


def value(node: Node) -> Any:
    """A tree without its positions."""
    return plain(node)


def loaded(
    given: Given, *, environment: Mapping[str, str] | None = None, cwd: str = HERE, stdin: bytes = b"", **request: Any
) -> Loaded:
    """A stack loaded from files in memory; `files` is `compose.yaml` unless the request says otherwise."""
    files = given if isinstance(given, Mapping) else {FILE: given}
    request.setdefault("files", (FILE,))
    return load(
        Request(**request),
        files=Memory(files, cwd=cwd, home=HOME),
        environment=environment or {},
        stdin=lambda: stdin,
    )


def config(given: Given, **rest: Any) -> dict[str, Any]:
    """The canonical document."""
    return loaded(given, **rest).canonical()


def service(given: Given, name: str = "web", **rest: Any) -> dict[str, Any]:
    """One service of the canonical document."""
    found: dict[str, Any] = config(given, **rest)["services"][name]
    return found


def written(text: str, **rest: Any) -> dict[str, Any]:
    """The canonical form of one service of image `x`, given its other keys as an indented flow or block text."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    found = service(f"services:\n  web:\n    image: x\n{lines}", **rest)
    return {key: child for key, child in found.items() if key not in ("image", "networks")}


def problems(given: Given, **rest: Any) -> list[str]:
    """What loading says, one line a problem: `compose.yaml:3:5: unknown-key`, then the message."""
    with pytest.raises(SourceError) as caught:
        loaded(given, **rest)
    return [str(one) for one in caught.value.diagnostics]


def codes(given: Given, **rest: Any) -> list[str]:
    """The place and the code of every error: `2:3 unknown-key`."""
    with pytest.raises(SourceError) as caught:
        loaded(given, **rest)
    return [
        f"{f'{one.span.line}:{one.span.column} ' if one.span else ''}{one.code}"
        for one in caught.value.diagnostics
        if one.severity.value == "error"
    ]


def warnings(given: Given, **rest: Any) -> list[str]:
    """The codes of the warnings of a stack that loads."""
    return [f"{one.span.line if one.span else 0} {one.code}" for one in loaded(given, **rest).diagnostics]
