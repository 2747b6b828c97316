"""Any text can be parsed: no exception, every range matches its text, and time grows linearly with length."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.script import Command, Construct, Redirect, Script
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import Arithmetic, Elements, Literal, ShellWord, Variable
from tests.shell.bodies import bodies
from tests.shell.generated import PIECES, TEXTS

TOKENS = (*PIECES, *TEXTS, "E", "x", "$x", "elif ", "else ", "while ", "for ", "time ", "\\`", "\\$", "\udcff", "\r")
SCRIPTS = st.one_of(st.text(), st.lists(st.sampled_from(TOKENS)).map("".join))


def words_of(script: Script) -> list[ShellWord]:
    """Every word there is, those inside others included."""
    found: list[ShellWord] = []
    for command in script.commands:
        found += command.words
        found += [assignment.value for assignment in command.assignments]
        found += _of_redirects(command.redirects)
    for construct in script.constructs:
        found += construct.words
        found += _of_redirects(construct.redirects)
    for word in found:
        found += _inner(word)
    return found


def _of_redirects(redirects: tuple[Redirect, ...]) -> list[ShellWord]:
    return [
        *(redirect.target for redirect in redirects),
        *(redirect.heredoc.body for redirect in redirects if redirect.heredoc),
    ]


def _inner(word: ShellWord) -> list[ShellWord]:
    found = []
    for part in word.parts:
        if isinstance(part, Variable):
            found += [inner for inner in (part.operand, part.replacement, part.subscript) if inner]
        elif isinstance(part, Elements):
            found += part.words
    return found


def check_ranges(script: Script) -> None:
    text = script.text
    assert -1 <= script.broken <= len(text)
    for entry in (*script.commands, *script.pipelines, *script.constructs):
        assert 0 <= entry.start <= entry.end <= len(text)
    for word in words_of(script):
        assert text[word.start : word.end] == word.text
        assert all(word.start <= part.start <= part.end <= word.end for part in word.parts)
        assert all(part.end <= after.start for part, after in pairwise(word.parts))
        assert word.literal is None or all(isinstance(part, Literal) for part in word.parts)
        for part in word.parts:
            if isinstance(part, Arithmetic):
                assert all(part.start <= inner.start <= inner.end <= part.end for inner in part.parts)


def check_order(script: Script) -> None:
    """Lists are in the order of the text; who stands in something stands within its range."""
    for entries in (script.commands, script.pipelines, script.constructs):
        assert [entry.number for entry in entries] == list(range(len(entries)))
    for command in script.commands:
        pipeline = script.pipelines[command.pipeline]
        assert pipeline.parent == command.parent
        assert pipeline.elements[command.place] is command
        assert pipeline.start <= command.start <= command.end <= pipeline.end
        for items in (command.words, command.assignments, command.redirects):
            assert all(item.end <= after.start for item, after in pairwise(items))
            assert all(command.start <= item.start <= item.end <= command.end for item in items)
    for construct in script.constructs:
        assert construct.first <= construct.last <= len(script.commands)
        if construct.parent >= 0:
            parent = script.constructs[construct.parent]
            assert parent.first <= construct.first <= construct.last <= parent.last
    for pipeline in script.pipelines:
        assert all(element.end <= after.start for element, after in pairwise(pipeline.elements))


def check_kinds(script: Script) -> None:
    """`within` says the same as the chain of parents."""
    for command in script.commands:
        kinds, number = [], command.parent
        while number >= 0:
            kinds.append(script.constructs[number].kind)
            number = script.constructs[number].parent
        assert command.within == tuple(reversed(kinds))


@given(SCRIPTS)
def test_any_text(text):
    script = parse(text)

    assert script.text == text
    check_ranges(script)
    check_order(script)
    check_kinds(script)
    assert all(isinstance(element, Command | Construct) for one in script.pipelines for element in one.elements)


@given(SCRIPTS)
def test_no_value_is_left_unread(text):
    script = parse(text)

    assert all(construct.kind for construct in script.constructs)
    assert all(command.words or command.assignments or command.redirects for command in script.commands)


@given(SCRIPTS)
def test_equal_texts_give_equal_scripts(text):
    script = parse(text)

    assert script == parse(text)
    assert hash(script) == hash(parse(text))
    assert isinstance(script, Value)


MERCY = 4
"""How much slower than ours a machine may be. What grows faster than its text takes a thousand times as long."""


@pytest.mark.corpus
def test_the_corpus_is_understood_fast():
    """1 s is what the linter can spend on 300 files; it takes 0.2 s."""
    scripts = bodies()
    start = time.process_time()
    read = [parse(script) for script in scripts]
    spent = time.process_time() - start

    assert [script.text for script in read if not script.complete] == []
    assert len(scripts) > 1200
    assert spent < 1.0 * MERCY
    for script in read:
        check_ranges(script)
        check_order(script)


HOSTILE = (
    "$(", '"', "\\", "(", "'", "`", '"$(', "${a:-", "$((", "((", "( (a)", "x=(", "<(", "{ ", "if ", "case a in b) ",
    "f()", "function f ", ")", ";", "<<A ", "<<A\n", "a;", "`\\", "`\\`", "@(", "[[ a =~ (", "((#(\n)", "#", "\r",
    "$(`", "((\"",
)  # fmt: skip


def seconds(text: str) -> float:
    """The processor's time that reading a text takes."""
    start = time.process_time()
    parse(text)
    return time.process_time() - start


@pytest.mark.slow
def test_a_megabyte_takes_a_second():
    """Each of these takes 0.4 to 0.8 s; the limit leaves room for a busy machine."""
    for piece in ("$(", '"', "\\", "(", "'", "`"):
        assert seconds((piece * 1_000_000)[:1_000_000]) < 2 * MERCY


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_only(piece):
    """At worst, where every second character is a command, a megabyte takes 5 s: 0.1 s for what we try here."""
    assert seconds((piece * 100_000)[:100_000]) < 1.5 * MERCY


@pytest.mark.parametrize("piece", HOSTILE)
def test_depth_is_bounded(piece):
    """What is nested too deep is text; the rest is still read."""
    script = parse(piece * 2000 + "\n")

    assert max((len(command.within) for command in script.commands), default=0) <= 64


def test_what_is_nested_as_deep_as_people_write_is_understood():
    text = "a"
    for _ in range(6):
        text = f'if x; then (y "$({text})"); fi'
    script = parse(text)

    assert script.complete
    assert len(script.commands) == 13


def test_a_broken_construct_costs_only_itself():
    script = parse('(if a; then b) && c "$(while d)" && e\nf')

    assert not script.complete
    assert [command.name for command in script.commands] == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize("text", ["", " \t\n", "# only a comment", "\\\n", ";", "\ufeff"])
def test_little_or_nothing(text):
    assert [command.words[0].text for command in parse(text).commands] == (["\ufeff"] if text == "\ufeff" else [])


def test_carriage_returns_before_line_feeds_are_white_space():
    script = parse("a b\r\ncat <<E\r\nx\r\nE\r\nc \\\r\n d\r\n")

    assert [[word.literal for word in command.words] for command in script.commands] == [
        ["a", "b"],
        ["cat"],
        ["c", "d"],
    ]
    assert script.complete
