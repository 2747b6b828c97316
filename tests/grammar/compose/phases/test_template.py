"""Variables in one string: every operator, nesting, escapes, errors; both parsers agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.phases.template import (
    Allowance,
    TemplateError,
    Variable,
    substitute,
    substitute_by_grammar,
    variables,
)

ENVIRONMENT = {"A": "a", "EMPTY": "", "B1_": "b", "_C": "c"}


def substituted(text: str) -> tuple[str, list[str]]:
    unset: list[str] = []
    return substitute(text, ENVIRONMENT.get, unset.append), unset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A", "a"),
        ("${A}", "a"),
        ("x${A}y$A", "xaya"),
        ("$B1_-$_C", "b-c"),
        ("$EMPTY", ""),
        ("$$A", "$A"),
        ("$$$A", "$a"),
        ("$${A}", "${A}"),
        ("${A}}", "a}"),
        ("${A:-x}${A-x}", "aa"),
        ("${EMPTY:-x}|${EMPTY-x}", "x|"),
        ("${NO:-x}|${NO-x}", "x|x"),
        ("${NO:-}|${NO-}", "|"),
        ("${A:+x}|${A+x}", "x|x"),
        ("${EMPTY:+x}|${EMPTY+x}", "|x"),
        ("${NO:+x}|${NO+x}", "|"),
        ("${A:?x}${A?x}|${EMPTY?x}", "aa|"),
        ("${NO:-a b:c-d/e?f+g}", "a b:c-d/e?f+g"),
        ("${NO:-$A}", "a"),
        ("${NO:-${A}}", "a"),
        ("${NO:-${NO2:-${A}!}?}", "a!?"),
        ("${NO:-{}}", "{}"),
        ("${NO:-{$A}}", "{a}"),
        ("${NO:-$$}", "$"),
        ("${A:+${NO:-deep}}", "deep"),
    ],
)
def test_what_variables_become(text: str, expected: str) -> None:
    assert substituted(text) == (expected, [])


@pytest.mark.parametrize("text", ["", "plain", "$", "a$", "$ A", "$1", "$-", "{A}", "}", "100$ and $!", "$.A", "ä$"])
def test_what_stays_untouched(text: str) -> None:
    assert substituted(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "expected", "unset"),
    [("$NO", "", ["NO"]), ("x${NO}y$NO", "xy", ["NO", "NO"]), ("${A:-$NO}", "a", []), ("${NO-x}", "x", [])],
)
def test_variables_without_a_value_are_told(text: str, expected: str, unset: list[str]) -> None:
    assert substituted(text) == (expected, unset)


@pytest.mark.parametrize(
    "text",
    [
        "${",
        "${A",
        "${}",
        "${ A}",
        "${A }",
        "${1}",
        "${A:}",
        "${A:x}",
        "${A!}",
        "${A:-",
        "${NO:-${B}",
        "${-x}",
    ],
)
def test_what_is_no_variable_is_refused(text: str) -> None:
    with pytest.raises(TemplateError, match="invalid interpolation format") as caught:
        substituted(text)
    assert not caught.value.missing


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${NO?}", "required variable NO is missing a value"),
        ("${NO:?set it}", "required variable NO is missing a value: set it"),
        ("${EMPTY:?set it}", "required variable EMPTY is missing a value: set it"),
        ("${NO?$A}", "required variable NO is missing a value: a"),
        ("${NO:-${NO:?inner}}", "required variable NO is missing a value: inner"),
    ],
)
def test_a_required_variable_is_missed(text: str, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        substituted(text)
    assert str(caught.value) == message
    assert caught.value.missing in ("NO", "EMPTY")


def test_every_variable_of_a_text_is_listed_outer_ones_first() -> None:
    assert list(variables("$A ${B} $$C ${D:-x${E:?y}}{${F+z}}")) == [
        Variable("A"),
        Variable("B"),
        Variable("D", ":-", "x${E:?y}"),
        Variable("E", ":?", "y"),
        Variable("F", "+", "z"),
    ]
    assert list(variables("plain")) == []


def test_nesting_ends_somewhere() -> None:
    def nested(levels: int) -> str:
        return "${NO:-" * levels + "x" + "}" * levels

    assert substituted(nested(100)) == ("x", [])
    with pytest.raises(TemplateError, match="nested more than 100 levels"):
        substituted(nested(101))
    with pytest.raises(TemplateError, match="nested more than 100 levels"):
        list(variables(nested(1_000)))


def test_braces_outside_of_variables_are_no_nesting() -> None:
    assert substituted("{" * 500 + "${NO:-$A}")[0] == "{" * 500 + "a"
    assert substituted("${NO:-{}}" * 500)[0] == "{}" * 500


def test_variables_cannot_fill_the_memory() -> None:
    lookup = Allowance(10).watch({"A": "12345"}.get)

    assert substitute("$A$A$NO", lookup, lambda _: None) == "1234512345"
    with pytest.raises(TemplateError, match="too long in total"):
        substitute("$A", lookup, lambda _: None)


ALPHABET = st.text(st.sampled_from("${}:-+?A_1 \n"), max_size=24)
WORDS = st.lists(st.sampled_from(["$", "${", "}", "A", "EMPTY", "NO", ":-", "-", ":+", "?", "$$", "{", "x"])).map(
    "".join
)


@given(ALPHABET | WORDS)
def test_the_simple_form_and_the_grammar_agree(text: str) -> None:
    def answer(by: object) -> object:
        unset: list[str] = []
        try:
            return by(text, ENVIRONMENT.get, unset.append), unset  # type: ignore[operator]
        except TemplateError as error:
            return error.missing

    simple, grammatical = answer(substitute), answer(substitute_by_grammar)

    if grammatical == "":
        # No template at all. The simple form may meet a variable that is missing before it comes to that place.
        assert isinstance(simple, str)
    else:
        assert simple == grammatical


@given(st.text(max_size=30))
def test_doubled_dollars_stand_for_the_text_itself(text: str) -> None:
    assert substituted(text.replace("$", "$$")) == (text, [])
