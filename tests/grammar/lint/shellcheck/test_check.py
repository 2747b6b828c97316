"""Files to hits, with a fake ShellCheck whose answers the test chooses."""

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.shellcheck.check import check
from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN
from stackferry.grammar.lint.shellcheck.remark import Remark
from tests.grammar.lint.making import facts
from tests.grammar.lint.shellcheck.making import asked, finding, hits


def test_equal_texts_are_asked_about_once() -> None:
    dockerfile = "FROM x\nENV V=1.2\nRUN a $X\nRUN b\nRUN a $X\n"
    other = "# other lines\nFROM x\nENV V=3.4\nONBUILD RUN   a $X\n"
    calls = []

    def ask(texts):
        calls.append(texts)
        return {text: [finding(asked(dockerfile)[0], "$X")] if "$X" in text else [] for text in texts}

    checked = check([facts(dockerfile), facts("FROM y\n"), facts(other)], ask, OWN)

    ((first, second),) = calls
    assert first.endswith("\na $X\n")
    assert second.endswith("\nb\n")
    assert [[hit.start for hit in some] for some in checked.hits] == [[23, 38], [], [other.index("$X")]]
    assert checked.unanswered == ()


def test_nothing_is_asked_if_there_are_no_scripts() -> None:
    def ask(texts):
        raise AssertionError(texts)

    assert check([facts("FROM x\nCMD a\n")], ask, OWN) == ([()], ())


def test_a_hit_has_what_shellcheck_says() -> None:
    (hit,) = hits("FROM x\nRUN a $X\n", ("$X", "SC2086"))

    assert hit == Hit(13, 15, "about $X", severity="info", id="SC2086")


def test_what_is_found_in_the_prelude_is_dropped() -> None:
    text = "FROM x\nENV A='b c'\nRUN a\n"

    checked = check([facts(text)], lambda texts: {texts[0]: [Remark(1, 1, 2, 3, "error", "SC1000", "")]}, OWN)

    assert checked.hits == [()]


def test_hits_come_in_the_order_of_the_file() -> None:
    text = "FROM x\nRUN a $A; bash <<'EOF'\nb $B\nEOF\nRUN c $C\n"

    found = hits(text, ("$C", "SC2086"), ("$B", "SC2046"), ("$B", "SC2086"), ("$A", "SC2154"))

    # The heredoc is in two texts: the line's, where it is data, and its own.
    assert [(text[hit.start : hit.end], hit.id) for hit in found] == [
        ("$A", "SC2154"),
        *[("$B", "SC2046")] * 2,
        *[("$B", "SC2086")] * 2,
        ("$C", "SC2086"),
    ]


def test_hadolint_shows_the_last_of_each_run() -> None:
    text = "FROM x\nRUN a $A; b $B\nRUN c $C\n"

    found = hits(text, ("$B", "SC2154"), ("$B", "SC2086"), ("$A", "SC2086"), ("$C", "SC2086"), manner=HADOLINT)

    assert [(text[hit.start : hit.end], hit.id) for hit in found] == [("$B", "SC2154"), ("$C", "SC2086")]


def test_scripts_without_an_answer_are_told() -> None:
    checked = check([facts("FROM x\nRUN a\nRUN b\n")], lambda texts: {texts[0]: []}, OWN)

    assert [submission.script.text for submission in checked.unanswered] == ["b"]
