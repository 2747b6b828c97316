"""How far hadolint parses a script, against the real hadolint."""

import pytest

from stackferry.grammar.dockerfile.facts.programs.legible import legible
from stackferry.grammar.shell.parse import parse
from tests.conformance.lint import hadolint

WHOLE, NOTHING = "whole", "nothing"
SCRIPTS = {
    "a; sudo b": WHOLE,
    "a; sudo b;;": " sudo b",
    "a; sudo b)": " sudo b",
    "a; sudo b; fi": " sudo b; ",
    "a; sudo b; }": " sudo b; ",
    "a; sudo b; echo (": " sudo b; echo ",
    "a; sudo b & & c": " sudo b & ",
    "a; sudo b; | c": " sudo b; ",
    "a; [ -f x ] c; sudo b": NOTHING,
    "sudo b; [ -f x ] c; d": " [ -f x ] ",
    "a; sudo b; f(x)": NOTHING,
    "a; sudo b && )": NOTHING,
    "a; sudo b |": NOTHING,
    "sudo b; (a": NOTHING,
    "sudo b; if a": NOTHING,
    "sudo b; [ a": NOTHING,
    "sudo b; echo 'a": NOTHING,
    "sudo b; cat c<<e": NOTHING,
    "(sudo b; fi)": NOTHING,
}


@pytest.mark.parametrize(("text", "last"), SCRIPTS.items())
def test_how_far_a_script_counts(text: str, last: str) -> None:
    end = legible(parse(text))

    counts = end > text.find("sudo")
    assert counts == (last != NOTHING)
    if last not in (WHOLE, NOTHING):
        assert text[:end].endswith(last)


@pytest.mark.real
def test_hadolint_sees_the_same() -> None:
    verdicts = hadolint.check(f"FROM a:1\nRUN {text}\n".encode() for text in SCRIPTS)

    seen = [any(found.rule == "DL3004" for found in verdict.findings) for verdict in verdicts]
    assert seen == [last != NOTHING for last in SCRIPTS.values()]
