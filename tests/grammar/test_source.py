"""Positions are printed in the form that editors and terminals understand."""

from stackferry.grammar.source import Span


def test_a_span_prints_as_file_line_column() -> None:
    assert str(Span("a/compose.yaml", 3, 14)) == "a/compose.yaml:3:14"
