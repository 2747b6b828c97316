"""How a script is parsed, construct by construct: `fixtures/shell/<case>/tree.txt`."""

from pathlib import Path

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.dump import dump

FIXTURES = Path(__file__).parents[3] / "fixtures" / "shell"


@pytest.mark.parametrize("case", sorted(FIXTURES.iterdir()), ids=lambda case: case.name)
def test_tree(case, golden):
    golden(case / "tree.txt", dump(parse((case / "script.sh").read_text(encoding="utf-8"))))
