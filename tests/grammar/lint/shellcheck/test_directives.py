"""`# shellcheck disable=` between the lines of a RUN."""

import pytest

from stackferry.grammar.lint.shellcheck.manner import HADOLINT
from tests.grammar.lint.making import facts
from tests.grammar.lint.shellcheck.making import hits


def left(comment: str) -> list[str]:
    """The codes that are still reported at $X, before and behind a comment."""
    text = f"FROM x\nRUN a $BEFORE && \\\n  {comment}\n  b $X && \\\n  c $Y\nRUN d $Z\n"
    found = [(needle, code) for needle in ("$BEFORE", "$X", "$Y", "$Z") for code in ("SC2086", "SC2046", "SC3010")]
    return [
        f"{text[hit.start : hit.end]} {hit.id}"
        for hit in hits(text, *found)
        if f"{text[hit.start : hit.end]} {hit.id}" not in ("$BEFORE SC2046", "$BEFORE SC3010")
    ]


Z = ["$Z SC2046", "$Z SC2086", "$Z SC3010"]


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# shellcheck disable=SC2086", ["SC2046", "SC3010"]),
        ("#shellcheck  disable=2086", ["SC2046", "SC3010"]),
        ("# shellcheck disable=SC2086,SC2046 # they are meant to split", ["SC3010"]),
        ("# shellcheck shell=sh disable=SC2086 disable=SC3010", ["SC2046"]),
        ("# shellcheck disable=SC2000-SC2999", ["SC3010"]),
        ("# shellcheck disable=all", []),
        ("# shellcheck disable=SC9999", ["SC2046", "SC2086", "SC3010"]),
        ("# shellcheck enable=all", ["SC2046", "SC2086", "SC3010"]),
        ("# shellcheck disable=", ["SC2046", "SC2086", "SC3010"]),
        ("# shellcheck", ["SC2046", "SC2086", "SC3010"]),
        ("# no shellcheck disable=SC2086", ["SC2046", "SC2086", "SC3010"]),
        ("# hadolint ignore=SC2086", ["SC2046", "SC2086", "SC3010"]),
    ],
)
def test_a_directive_holds_from_its_line_to_the_end_of_the_run(comment, codes) -> None:
    expected = [f"{needle} {code}" for needle in ("$X", "$Y") for code in codes]

    assert left(comment) == ["$BEFORE SC2086", *expected, *Z]


def test_behind_onbuild_too() -> None:
    text = "FROM x\nONBUILD RUN a && \\\n  # shellcheck disable=SC2086\n  b $X\n"

    assert hits(text, ("$X", "SC2086")) == []
    assert facts(text).stages[0].steps[0].onbuild


def test_a_directive_above_a_run_holds_for_all_of_it_but_not_for_hadolint() -> None:
    text = "FROM x\n# shellcheck disable=SC2086\nRUN a $X\nRUN a $Y\n"
    found = (("$X", "SC2086"), ("$Y", "SC2086"))

    assert [text[hit.start : hit.end] for hit in hits(text, *found)] == ["$Y"]
    assert [text[hit.start : hit.end] for hit in hits(text, *found, manner=HADOLINT)] == ["$X", "$Y"]
