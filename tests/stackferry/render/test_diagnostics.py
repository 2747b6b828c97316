"""Diagnostics as text for people and as JSON."""

import json

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.grammar.source import Span
from stackferry.render.diagnostics import diagnostic_text, diagnostics_json, in_file_order
from stackferry.render.style import Style

FINDING = Diagnostic(
    "compose-unknown-key",
    Severity.ERROR,
    "unknown key 'replica'",
    Span("compose.yaml", 4, 7),
    "did you mean 'replicas'?",
)


def text(finding: Diagnostic, line: str | None) -> str:
    return diagnostic_text(finding, Style(False), lambda _source, _number: line)


def test_place_message_line_and_hint():
    expected = """\
compose.yaml:4:7: error[compose-unknown-key]: unknown key 'replica'
    4 |       replica: 3
      |       ^
  hint: did you mean 'replicas'?"""

    assert text(FINDING, "      replica: 3") == expected


def test_without_the_source_the_line_is_left_out():
    assert text(FINDING, None).splitlines()[1:] == ["  hint: did you mean 'replicas'?"]


def test_without_a_place_and_a_hint_one_line_is_left():
    assert text(Diagnostic("", Severity.WARNING, "beware"), None) == "warning: beware"


def test_tabs_before_the_caret_stay_tabs():
    assert text(FINDING, "\t\t\t\t\t\treplica: 3").splitlines()[2] == "      | \t\t\t\t\t\t^"


def test_a_very_long_line_is_cut_around_the_place():
    finding = Diagnostic("x", Severity.ERROR, "here", Span("a.yaml", 1, 5001))
    _, line, caret = text(finding, "a" * 5000 + "b" * 5000).splitlines()

    assert len(line) < 160
    assert line[caret.index("^")] == "b"
    assert line[caret.index("^") - 1] == "a"


def test_control_characters_cannot_drive_the_terminal():
    finding = Diagnostic("x", Severity.ERROR, "bad \033[2J", Span("a\033.yaml", 1, 1), "\x07")

    assert "\033" not in text(finding, "\033]0;title\x07")
    assert "\\x1b]0;title\\x07" in text(finding, "\033]0;title\x07")


def test_colour_adds_codes_only():
    import re

    painted = diagnostic_text(FINDING, Style(True), lambda *_: "      replica: 3")

    assert painted.count("\033[") > 4
    assert re.sub(r"\033\[[0-9;]*m", "", painted) == text(FINDING, "      replica: 3")


def test_json_has_every_part():
    assert json.loads(diagnostics_json([FINDING, Diagnostic("", Severity.INFO, "done")])) == [
        {
            "path": "compose.yaml",
            "line": 4,
            "column": 7,
            "severity": "error",
            "code": "compose-unknown-key",
            "message": "unknown key 'replica'",
            "hint": "did you mean 'replicas'?",
        },
        {"path": None, "line": None, "column": None, "severity": "info", "code": None, "message": "done", "hint": ""},
    ]


def test_what_was_found_twice_is_told_once():
    assert in_file_order([FINDING, FINDING]) == [FINDING]


def test_order_is_that_of_the_files():
    def at(source: str, line: int, column: int) -> Diagnostic:
        return Diagnostic("x", Severity.ERROR, "", Span(source, line, column))

    placeless = Diagnostic("x", Severity.ERROR, "")
    found = [at("b.yaml", 9, 1), at("a.yaml", 1, 1), at("b.yaml", 2, 5), placeless, at("b.yaml", 2, 1)]

    assert in_file_order(found) == [
        placeless,
        at("b.yaml", 2, 1),
        at("b.yaml", 2, 5),
        at("b.yaml", 9, 1),
        at("a.yaml", 1, 1),
    ]
