"""Typing mistakes in `fixtures/mistakes`: where each mistake is, and the correction.

Each file of a folder is a stack of its own; `expected.txt` is what is said of them. The fixtures' other test
(`tests/conformance/test_fixtures.py`) asks docker compose whether they are mistakes.
"""

import time
from pathlib import Path

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.tree.repair.mistake import Place, Problem
from stackferry.grammar.compose.tree.repair.search import find_mistake
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Memory
from tests.conftest import ROOT
from tests.grammar.making import problems

CASES = sorted(path for path in (ROOT / "fixtures" / "mistakes").iterdir() if path.is_dir())


def said(path: Path) -> str:
    """What loading a file says, each finding below the line that it is about."""
    content = path.read_bytes()
    lines = content.decode().splitlines()
    try:
        found = load(
            Request(project_name="shop", files=(path.name,)), files=Memory({path.name: content}), environment={}
        ).diagnostics
    except SourceError as error:
        found = error.diagnostics
    text = ""
    for diagnostic in found:
        assert diagnostic.span is not None
        text += f"{lines[diagnostic.span.line - 1]}\n{' ' * (diagnostic.span.column - 1)}^\n{diagnostic}\n"
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake(case: Path, golden) -> None:
    golden(case / "expected.txt", "\n".join(said(path) for path in sorted(case.glob("*.yaml"))))


@pytest.mark.parametrize(
    "text",
    [
        "a: 'b\n" * 5_000,
        '- "a\n' * 3_000,
        "a:b\n" * 20_000 + "c: d\n",
        "\tx\n" * 20_000,
        "a: [" * 90 + "\n" * 1_000,
        "“a”: b: c\n" * 10_000,
        "   a:\n  b:\n" * 10_000,
        'x: "' + "\\'" * 100_000,
        "x: " + '"a" ' * 200_000,
        "a: b\n" * 190_000 + "\tc\n",
        "\n".join('a: "b" ' + '"c" ' * 400 for _ in range(200)),
        "\n".join("a: [" + "[" * 90 + "'" * 1_800 for _ in range(200)),
    ],
)
def test_many_mistakes_cost_little(text: str) -> None:
    before = time.process_time()
    problems(text)

    assert time.process_time() - before < 5


def test_what_nothing_explains_is_left_to_the_reader() -> None:
    problem = Problem("odd", Place(1, 0), None)

    assert find_mistake("a: 1\n: b\n", problem, lambda _: Place(1, 0)) is None


def test_a_place_behind_the_end_is_no_trouble() -> None:
    assert find_mistake("", Problem("odd", Place(7, 3), Place(9, 9)), lambda _: None) is None
