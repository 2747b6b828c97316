"""Variables in words: BuildKit's own tables, what the linter can know, and no slow or failing text."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.expand import ExpansionError, Use, expand, process_word, process_words
from stackferry.grammar.dockerfile.heredoc import heredocs_in
from tests.conftest import CORPUS

TABLES = CORPUS / "buildkit-parser" / "shell"
ENV = {"PWD": "/home", "SHELL": "bash", "KOREAN": "한국어", "NULL": ""}


def lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#"))


def outcome(process: Callable[..., str | list[str]], *values: object, **options: bool) -> str | list[str]:
    try:
        return process(*values, **options)
    except ExpansionError:
        return "error"


@pytest.mark.corpus
def test_every_line_of_buildkits_table_of_words():
    checked = 0
    for line in filter(None, map(str.strip, lines(TABLES / "envVarTest"))):
        platform, text, expected = (part.strip() for part in line.split("|"))
        for windows in {"A": (False, True), "U": (False,), "W": (True,)}[platform]:
            assert outcome(process_word, text, ENV, ignore_case=windows) == expected, line
        checked += 1
    assert checked == 230


@pytest.mark.corpus
def test_every_line_of_buildkits_table_of_lists():
    checked = 0
    env: dict[str, str] = {}
    for line in filter(None, lines(TABLES / "wordsTest")):
        if line.startswith("ENV "):
            name, _, value = line[3:].lstrip(" ").partition("=")
            env[name] = value
            continue
        text, expected = line.split("|")
        found = outcome(process_words, text.strip(), env)
        assert ([found] if found == "error" else found) == expected.lstrip(" ").split(","), line
        checked += 1
    assert checked == 24


KNOWN = {"A": "a.b.c", "E": "", "U": None, "P": "*.", "V": "v"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain text", "plain text"),
        ("$A-${A}", "a.b.c-a.b.c"),
        ("x$U", None),
        ("'$U'", "$U"),
        (r"\$U", "$U"),
        ('"${U}"', None),
        ("$NONE", ""),
        ("${NONE:-d}", "d"),
        ("${NONE-$V}", "v"),
        ("${NONE:-$U}", None),
        ("${NONE+$U}", ""),
        ("${NONE:+$U}", ""),
        # An unknown value may be empty.
        ("${U:-d}", None),
        ("${U-d}", None),
        ("${U+a}", "a"),
        ("${U+$A}", "a.b.c"),
        ("${U:+a}", None),
        ("${U:+}", ""),
        ("${U:+$NONE}", ""),
        ("${U:?message}", None),
        ("${U?message}", None),
        # An operand that is not taken need not be known.
        ("${A:-$U}", "a.b.c"),
        ("${A-$U}", "a.b.c"),
        ("${E:-$V}", "v"),
        ("${E-$U}", ""),
        ("${E:+$U}", ""),
        ("${E+$U}", None),
        ("${A?$U}", "a.b.c"),
        ("${A#*.}", "b.c"),
        ("${A##$P}", "c"),
        ("${A%.*}", "a.b"),
        ("${A%%.*}", "a"),
        ("${A#$U}", None),
        ("${E#$U}", ""),
        ("${NONE%$U}", ""),
        ("${U#a}", None),
        ("${A/./-}", "a-b.c"),
        ("${A//./-}", "a-b-c"),
        ("${A//./$U}", None),
        ("${A//x/$U}", "a.b.c"),
        ("${A/$U/x}", None),
        ("${U//./-}", None),
        ("${NONE:-${E:-${A%%.*}}}", "a"),
    ],
)
def test_what_is_known_of_a_word(text: str, value: str | None) -> None:
    assert expand(text, KNOWN).value == value


@pytest.mark.parametrize(
    ("text", "used", "unset"),
    [
        ("a", [], []),
        ("$A/${B}", ["$A", "${B}"], ["${B}"]),
        ("${A:-${B}}${C%%${D}}", ["${A:-${B}}", "${B}", "${C%%${D}}", "${D}"], ["${B}", "${C%%${D}}", "${D}"]),
        # Whoever writes `-` or `+` has thought of it.
        ("${B:-x}${B-x}${B:+x}${B+x}", ["${B:-x}", "${B-x}", "${B:+x}", "${B+x}"], []),
        ("'$B' \\$B \"$B\"", ["$B"], ["$B"]),
        ("${B/${C}/$D}", ["${B/${C}/$D}", "${C}", "$D"], ["${B/${C}/$D}", "${C}", "$D"]),
        ("é$ü", ["$ü"], ["$ü"]),
    ],
)
def test_the_uses_of_variables_and_where_they_are(text: str, used: list[str], unset: list[str]) -> None:
    found = expand(text, {"A": None})

    assert [text[use.start : use.end] for use in found.used] == used
    assert [text[use.start : use.end] for use in found.unset] == unset


def test_a_use_says_its_name_and_operator() -> None:
    text = "$A${A}${A:-x}${A-x}${A:+x}${A+x}${A:?x}${A?x}${A#x}${A##x}${A%x}${A%%x}${A/x/y}${A//x/y}"

    assert [use.operator for use in expand(text, {"A": "a"}).used] == [
        *("", "", ":-", "-", ":+", "+", ":?", "?", "#", "##", "%", "%%", "/", "//"),
    ]
    assert expand("a ${A#x}", {"A": "a"}).used == (Use("A", 2, 8, "#"),)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("a $A 'b", "unexpected end of statement while looking for matching single-quote", 5),
        ('a "b', "unexpected end of statement while looking for matching double-quote", 4),
        ("a ${A", "unsupported modifier (\ufffd) in substitution", 2),
        ("a ${", "syntax error: missing '}'", 2),
        ("a ${A:-x ${B:-y", "syntax error: missing '}'", 2),
        ("a ${A/x}", "syntax error: missing '/' in ${}", 2),
        ("a ${A/x/", "syntax error: missing '}'", 2),
        ("a ${}", "syntax error: bad substitution", 2),
        ("a ${{A}}", "syntax error: bad substitution", 2),
        ("a ${A:-${}} b", "syntax error: bad substitution", 7),
        ("a ${A:x} b", "unsupported modifier (:x) in substitution", 2),
        ("a ${A@x} b", "unsupported modifier (@) in substitution", 2),
        ("a ${A:#x} b", "unsupported modifier (:#) in substitution", 2),
        ("a ${N?} b", "N: is not allowed to be unset", 2),
        ("a ${N:?no $A} b", "N: no a", 2),
        ("a ${N:?no $U} b", "N: is not allowed to be unset", 2),
        ("a ${E:?} b", "E: is not allowed to be empty", 2),
        (r"a ${A#\x} b", r"invalid pattern (\x) in substitution: invalid escape '\x'", 2),
        (r"a ${U%%a\x} b", r"invalid pattern (\xa) in substitution: invalid escape '\x'", 2),
    ],
)
def test_what_a_build_refuses_is_an_error_with_its_place(text: str, message: str, offset: int) -> None:
    with pytest.raises(ExpansionError) as caught:
        expand(text, {"A": "a", "E": "", "U": None})

    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_options() -> None:
    assert process_word("`$A \\$A", {"A": "a"}, "`") == "$A \\a"
    assert process_word("'$A' \"$A\"", {"A": "a"}, raw_quotes=True) == "'$A' \"a\""
    assert process_word(r"a\ b", {}, raw_escapes=True) == r"a\ b"
    assert process_word("$A ${A} ${A:-x} ${A//b/c}", {}, skip_unset_env=True) == "$A ${A} ${A:-x} ${A/b/c}"
    assert process_word("it's $A", {"A": "a"}, skip_process_quotes=True) == "it's a"
    assert expand("it's $A", {"A": "a"}, skip_process_quotes=True).value == "it's a"
    assert process_word("$path ${Path}", {"PATH": "p"}, ignore_case=True) == "p p"
    assert expand("$path", {"Path": None}, ignore_case=True).unset == ()


def test_a_word_directly_before_an_operand_is_lost_as_in_buildkit() -> None:
    assert process_words("x a${B:-b} c", {}) == ["x", "b", "c"]
    assert process_words("x a${B}b c", {"B": "1 2"}) == ["x", "a1", "2b", "c"]


def test_bytes_that_are_not_utf8_stay() -> None:
    assert process_word("a\udcff$A", {"A": "\udcfe"}) == "a\udcff\udcfe"


def test_a_value_that_grows_without_end_is_not_known() -> None:
    value: str | None = "0123456789"
    for _ in range(40):
        value = expand("$A$A${A//?/$A}", {"A": value}).value

    assert value is None


ATOMS = [*"abXYU1:-+?#%/*{}$\\`'\"< \n", "${", "${X", "${U", "${N:-", "${X/", "${U#", "$X", "$U", "}"]
texts = st.lists(st.sampled_from(ATOMS), max_size=20).map("".join)


@settings(max_examples=500)
@given(st.text() | texts, st.sampled_from("\\`"))
def test_any_text_has_a_value_or_an_error(text: str, escape: str) -> None:
    for process in (expand, process_word, process_words):
        offset = 0
        try:
            process(text, {"X": "a*b", "U": "/"}, escape)
        except ExpansionError as error:
            offset = error.offset
        assert 0 <= offset <= len(text)
    with suppress(ExpansionError):
        heredocs_in(text)


@settings(max_examples=1500)
@given(texts, st.text("ab*/\\", max_size=4), st.text("ab*/\\", max_size=4))
def test_what_is_known_holds_whatever_the_unknown_values_are(text: str, first: str, second: str) -> None:
    unknown = {"X": "ab", "Y": "", "U": None, "1": None}
    values = {"X": "ab", "Y": "", "U": first, "1": second}
    try:
        known = expand(text, unknown)
    except ExpansionError:
        with pytest.raises(ExpansionError):
            process_word(text, values)
        return
    try:
        value = process_word(text, values)
    except ExpansionError:
        # A value can turn out to be empty where `:?` stands, or to be a pattern that is wrong.
        return
    assert known.value in (None, value)
    assert [use.name for use in known.unset if use.name in values] == []


SIZE = 100_000
SIXTH = SIZE // 6
HOSTILE = {
    **{
        unit: unit * (SIZE // len(unit))
        for unit in (
            *("${${${", "$", "'", '"', "\"'", "\\", "<", "<< ", "$X", "${X}", '"$"', "${", " $X", "$é", "*"),
            *("${a:-", '"${a:-', '${a:-"', "${X//a/", "${X#", "${X%%*", "${X+", "${X//?/$X}", "${N?"),
        )
    },
    "closed": "${a:-" * SIXTH + "}" * SIXTH,
    "closed prefixes": "${X#" * SIXTH + "}" * SIXTH,
    "closed replacements": "${X/a/" * SIXTH + "}" * SIXTH,
    "closed alternatives": "${X:+" * SIXTH + "b" + "}" * SIXTH,
    "long pattern": "${X#" + "a" * SIZE + "}",
    "many stars": "${V#" + "*a" * (SIZE // 2) + "b}",
    "long values": "$V" * (SIZE // 2),
    "long matches": "${V//a*b/c}${V%%*a*a*a*a*b}${V/?b/}" * (SIZE // 40),
}
LIMIT = 1.5
"""Seconds of the processor for one. Each takes less than 0.2 on a quiet machine, where a processor is not shared with
others; were it quadratic, these lengths would take minutes."""


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_longer_than_its_length(name: str) -> None:
    text = HOSTILE[name]
    known = {"X": "aaa", "V": "a" * 40_000}
    for process in (
        lambda: expand(text, known),
        lambda: expand(text, {"X": None, "V": None}),
        lambda: process_words(text, {"X": "a a"}),
        lambda: process_word(text, {}, skip_unset_env=True),
        lambda: heredocs_in(text + "<<E"),
    ):
        started = time.process_time()
        with suppress(ExpansionError):
            process()
        assert time.process_time() - started < LIMIT
