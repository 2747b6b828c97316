"""Text that is not in the file is not reported."""

import pytest

from tests.grammar.lint.shellcheck.making import hits


@pytest.mark.parametrize(
    ("command", "reported"),
    [
        ("echo a     b", True),
        ("echo a\t\tb", True),
        ("echo a \\\n     b", False),
        ("echo a     \\\n b", False),
        ("echo a\\\n\t\tb", False),
        ("echo a\\\n\\\n  # why\n     b", False),
        ("echo a \\\n     b     c", True),
        ("echo a     b \\\n     c", True),
        ("echo a  b \\\n     c", False),
    ],
)
def test_blanks_that_are_indentation(command, reported) -> None:
    text = f"FROM x\nRUN z && {command}; z\n"
    joined = "".join(line.removesuffix("\\") for line in command.split("\n") if "#" not in line)

    assert [hit.id for hit in hits(text, (joined, "SC2291"), (joined, "SC2086"))] == [
        "SC2086",
        *["SC2291"] * reported,
    ]
