"""The calls in a RUN as hadolint parses them; its rules' fixtures compare with the real one."""

import pytest

from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
from tests.grammar.lint.making import facts


def call(run: str) -> PlainCall:
    (step,) = facts(f"FROM a\nRUN {run}\n").steps("RUN")
    return step.plain_calls[0]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("a", "a"),
        ("'a b'", "a b"),
        ('a"b"\\c', "abc"),
        ("$X", "${X}"),
        ('"a-${X:-b}-$Y"', "a-${X:-b}-${Y}"),
        ("a*", "a*"),
        ("$(b -c)", "$(b -c)"),
        ("$(X=1)", "$()"),
        ("$(X=1 b)", "$(b)"),
        ("`b`", "${VAR}"),
        ("$((1+2))", "${VAR}"),
        ("<(b)", ""),
        ("{a,b}c{1..3}", "c"),
        ("{a}", "{a}"),
        ("'{a,b}'", "{a,b}"),
    ],
)
def test_a_word_is_a_text(word: str, text: str) -> None:
    assert call(f"program {word}").texts == (text,)


def test_flags_and_operands() -> None:
    found = call("apt-get -qy install -t stable a --target-release=b c -xt d -- -- - e --config=t=f g")

    assert found.has_flag("q")
    assert found.has_flag("y")
    assert found.has_flag("target-release")
    assert not found.has_flag("qy")
    assert not found.has_flag("")
    assert found.count_flag("t") == 2
    assert found.has("-qy", "nothing")
    assert not found.has("-q")
    assert [text for text, _ in found.operands()] == ["install", "stable", "a", "c", "d", "--", "--", "-", "e", "g"]
    valued = frozenset(("t", "target-release", "config"))
    assert [text for text, _ in found.operands(valued)] == ["install", "a", "c", "--", "--", "-", "e", "g"]


@pytest.mark.parametrize(
    ("run", "places"),
    [
        ("RUN a;  \\\n  b", ["a", "b"]),
        ('RUN [ "sh" , "-c", "a"]', ["sh"]),
        ("RUN <<X c; d\na\nX", ["c", "d", "a"]),
    ],
)
def test_calls_that_hadolint_sees_have_their_place_in_the_source(run: str, places: list[str]) -> None:
    file = facts(f"FROM a\n{run}\n")
    (step,) = file.steps("RUN")

    assert [file.source.text[call.place.start : call.place.end] for call in step.calls(plain=True)] == places


@pytest.mark.parametrize(
    ("run", "program"),
    [
        ("time -p X=1 a", "a"),
        ("\\time a", "a"),
        ('"time" a', "time"),
        ("!a", "a"),
        ("b | ! X=1 a", "a"),
        ("X=1 time a", "time"),
    ],
)
def test_words_of_the_shell_before_a_command(run: str, program: str) -> None:
    (step,) = facts(f"FROM a\nRUN {run}\n").steps("RUN")

    assert step.plain_calls[-1].program == program
