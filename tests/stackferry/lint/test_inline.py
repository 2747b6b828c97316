"""Places in a Dockerfile inside a compose file."""

import pytest

from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.source import Span
from stackferry.lint.inline import Block


def place(file, origin, value, line, column):
    found = Block(file, Span("c.yaml", *origin), value).placed(
        Finding("c.yaml", line, column, line, column + 1, "error", "X", "")
    )
    return (found.line, found.column), (found.end_line, found.end_column)


LITERAL = "a:\n  b: |\n    FROM alpine\n\n    RUN echo $$X\n    RUN ${CMD:-make} all\n"
VALUE = "FROM alpine\n\nRUN echo $X\nRUN make all\n"


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (1, 1, (3, 5)),
        (1, 6, (3, 10)),
        (3, 10, (5, 14)),
        (3, 11, (5, 16)),
        (4, 10, (6, 5)),
    ],
)
def test_a_literal_block(line, column, expected):
    assert place(LITERAL, (2, 6), VALUE, line, column)[0] == expected


def test_an_end_is_placed_like_a_beginning():
    assert place(LITERAL, (2, 6), VALUE, 1, 6) == ((3, 10), (3, 11))


@pytest.mark.parametrize("header", ["|", "|-", "|+", "|2", "| # why"])
def test_headers(header):
    assert place(f"b: {header}\n  FROM a\n", (1, 4), "FROM a\n", 1, 6)[0] == (2, 8)


def test_lines_that_are_indented_further():
    file = "b: |2\n    FROM a\n  RUN b\n"

    assert place(file, (1, 4), "  FROM a\nRUN b\n", 1, 3)[0] == (2, 5)
    assert place(file, (1, 4), "  FROM a\nRUN b\n", 2, 1)[0] == (3, 3)


def test_windows_line_ends():
    assert place("b: |\r\n  FROM a\r\n", (1, 4), "FROM a\n", 1, 6)[0] == (2, 8)


@pytest.mark.parametrize(
    ("file", "value"),
    [('b: "FROM a\\nRUN b"\n', "FROM a\nRUN b"), ("b: >\n  FROM a\n", "FROM a\n"), ("", "FROM a\n")],
)
def test_in_another_notation_it_is_where_the_value_begins(file, value):
    assert place(file, (1, 4), value, 1, 6) == ((1, 4), (1, 4))


def test_behind_the_end():
    assert place(LITERAL, (2, 6), VALUE, 99, 1)[0] == (2, 6)
