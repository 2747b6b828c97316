"""Diagnostics: their line of text, what counts as failure, the error that carries them all."""

from stackferry.grammar.diagnostics import Diagnostic, Diagnostics, Severity, SourceError, StackferryError
from stackferry.grammar.source import Span

HERE = Span("compose.yaml", 2, 3)


def test_a_diagnostic_prints_place_severity_code_message_and_hint() -> None:
    finding = Diagnostic("unknown-key", Severity.ERROR, "unknown key 'a'", HERE, "did you mean 'b'?")

    assert str(finding) == "compose.yaml:2:3: error[unknown-key]: unknown key 'a'\n  hint: did you mean 'b'?"


def test_without_place_and_hint_they_are_left_out() -> None:
    assert str(Diagnostic("empty", Severity.WARNING, "nothing")) == "warning[empty]: nothing"


def test_warnings_do_not_fail_and_errors_do() -> None:
    report = Diagnostics()

    report.warning("w", "careful", None)
    assert not report.failed

    report.error("e", "broken", HERE, "mend it")
    assert report.failed
    assert [one.code for one in report] == ["w", "e"]


def test_the_same_error_is_told_once() -> None:
    diagnostics = Diagnostics()
    place = Span("compose.yaml", 1, 2)

    diagnostics.error("a", "wrong", place)
    diagnostics.error("a", "wrong", place)
    diagnostics.error("a", "wrong", place._replace(line=2))

    assert [finding.span for finding in diagnostics] == [place, place._replace(line=2)]
    assert diagnostics.errors == 2


def test_a_value_of_a_wrong_kind_is_told_once() -> None:
    diagnostics = Diagnostics()
    place = Span("compose.yaml", 1, 2)

    diagnostics.error("wrong-type", "a.b: 'x' is not a whole number", place)
    diagnostics.error("wrong-type", "a.b: expected a number", place)
    diagnostics.error("wrong-type", "a.c: expected a number", place)

    assert [one.message for one in diagnostics] == ["a.b: 'x' is not a whole number", "a.c: expected a number"]


def test_a_source_error_carries_every_finding_and_is_a_stackferry_error() -> None:
    report = Diagnostics()
    report.error("a", "first", HERE)
    report.error("b", "second", None)

    error = SourceError(report)

    assert isinstance(error, StackferryError)
    assert [one.code for one in error.diagnostics] == ["a", "b"]
    assert str(error) == "compose.yaml:2:3: error[a]: first\nerror[b]: second"


def test_an_error_keeps_its_hint() -> None:
    assert StackferryError("broken", "mend it").hint == "mend it"
