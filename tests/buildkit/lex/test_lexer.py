"""Our expansion against BuildKit's lexer and parser: the same words, errors and heredocs for any input."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.expand import ExpansionError, expand, process_word, process_words
from stackferry.grammar.dockerfile.heredoc import heredoc_word, heredocs_in
from tests.buildkit.lex.lexer import Lexer, program

pytestmark = pytest.mark.slow

OPTIONS = {
    "raw_quotes": "RawQuotes",
    "raw_escapes": "RawEscapes",
    "skip_unset_env": "SkipUnsetEnv",
    "skip_process_quotes": "SkipProcessQuotes",
}
NAMES = ["X", "Y", "UNSET", "x_1", "1", "12", "#", "$", "@", "0", "-", "", "é", "\u0663"]
VALUES = [
    "",
    "a",
    "ab",
    "aXb/a.b",
    "a b",
    "  a  b ",
    "ab\nab\n",
    "*",
    "a*",
    "?",
    "\\",
    "a\\b",
    "$X",
    "$0x",
    "/",
    "aabab",
]
ATOMS = [
    *"abXY1_.,:-+?#%/*{}()[]^|$\\`'\"<> \t\n\v\0\x1c\x85\u00a0\u2003é\u00b2\u0663\ufeff",
    *("<<", "\\*", "\\}", "\\/", "\\\\", "``", "$$", "${", "${X", "${#}", "$0", "😀"),
]

# Go and Python may know different releases of Unicode; what is new is beyond these.
letters = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cn"])
texts = st.lists(st.sampled_from(ATOMS) | letters, max_size=15).map("".join)
values = st.sampled_from(VALUES) | st.text("ab*?\\/\n$0", max_size=8)
envs = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
plain = st.lists(st.sampled_from(ATOMS), max_size=6).map("".join)
OPERATORS = ["-", ":-", "+", ":+", "?", ":?", "#", "##", "%", "%%", ":", ":#", "@", ":x"]


def joined(*parts: Any) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def grown(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = st.sampled_from(NAMES)
    return (
        joined("${", name, st.sampled_from(OPERATORS), words, "}")
        | joined("${", name, st.sampled_from(["/", "//"]), words, "/", words, "}")
        | joined('"', words, '"')
        | joined("'", words, "'")
        | joined(words, words)
        | joined(words, st.sampled_from(["$", "${", "}", "/", ""]))
    )


words = st.recursive(
    plain | joined("$", st.sampled_from(NAMES)) | joined("${", st.sampled_from(NAMES), "}"), grown, max_leaves=8
)
patterns = st.text("ab*?\n/", max_size=7) | st.text("ab*?\\}\n", max_size=7)
options = st.fixed_dictionaries({name: st.sampled_from([False, False, True]) for name in OPTIONS})


@pytest.fixture(scope="module")
def lexer() -> Iterator[Lexer]:
    running = Lexer(program())
    yield running
    running.close()


def outcome(process: Callable[..., Any], *values: Any, **options: bool) -> tuple[Any, ExpansionError | None]:
    try:
        return process(*values, **options), None
    except ExpansionError as error:
        return None, error


def both(lexer: Lexer, do: str, text: str, env: dict[str, str], escape: str, chosen: dict[str, bool]) -> None:
    fields = {theirs: chosen.get(ours, False) for ours, theirs in OPTIONS.items()}
    answer = lexer.ask(do, text, escape, Env=[f"{name}={value}" for name, value in env.items()], **fields)
    process = process_word if do == "word" else process_words
    found, error = outcome(process, text, env, escape, **chosen)
    assert bool(error) == bool(answer["Error"])
    if error:
        assert answer["Error"].endswith(f": {error.message}")
        assert 0 <= error.offset <= len(text)
    else:
        assert found == (answer["Word"] if do == "word" else answer["Words"] or [])


@settings(max_examples=2000)
@given(st.sampled_from(["word", "words"]), words, envs, st.sampled_from("\\\\`"), options)
@example("word", "${X/\ufeff\\a/}", {}, "\\", {})
def test_a_word_is_expanded_as_buildkit_does_it(lexer, do, text, env, escape, chosen):
    both(lexer, do, text, env, escape, chosen)


@settings(max_examples=2000)
@given(st.sampled_from(["word", "words"]), texts, envs, options)
def test_any_text_is_expanded_as_buildkit_does_it(lexer, do, text, env, chosen):
    both(lexer, do, text, env, "\\", chosen)


@settings(max_examples=2000)
@given(
    st.text("ab\n/", max_size=10),
    patterns,
    patterns,
    st.sampled_from(["${X#P}", "${X##P}", "${X%P}", "${X%%P}", "${X/P/R}", "${X//P/R}", "${X//$Y/$0}", "${X//P/'$0'}"]),
)
def test_a_pattern_finds_what_buildkit_finds(lexer, value, pattern, replacement, form):
    text = form.replace("P", pattern).replace("R", replacement)

    both(lexer, "word", text, {"X": value, "Y": pattern, "0": "<$0$$${0}${a}$a0>"}, "\\", {})


@settings(max_examples=700)
@given(words, envs)
def test_the_same_variables_are_used_and_unset(lexer, text, env):
    answer = lexer.ask("word", text, Env=[f"{name}={value}" for name, value in env.items()])
    if answer["Error"]:
        return
    found = expand(text, env)

    assert {use.name for use in found.used} == {*answer["Matched"], *answer["Unmatched"]}
    assert {use.name for use in found.used if use.name not in env} == set(answer["Unmatched"])
    assert found.value == answer["Word"]


HEREDOCS = [
    *("<<", "<<-", "<< ", "<<-\t", "EOF", "E", "'", '"', "'E'", '"E O"', "\\", "$X", "${X}", "${X:-", "}", "3", "012"),
    *(" ", "\t", "\v", "\u00a0", "<", "&&", "|", ">", "é", " <<A", " <<-'B' ", " << C", "99999999999999999999999"),
]
lines = st.lists(st.sampled_from(HEREDOCS), max_size=9).map("".join)


@settings(max_examples=2000)
@given(st.sampled_from(["RUN ", "COPY ", "ADD ", "ONBUILD RUN "]), lines)
def test_the_parser_finds_the_same_heredocs(lexer, keyword, line):
    line = keyword + line.rstrip("\\ \t")
    found, error = outcome(heredocs_in, line)
    found = found or []
    # A terminator of `<<-` that starts with a tab is never found: the tabs of the line go before it is compared.
    endless = any(word.chomp and word.name.startswith("\t") for word in found)
    answer = lexer.ask("parse", "".join(f"{part}\n" for part in (line, *(word.name for word in found))))

    if endless:
        assert "unterminated heredoc" in answer["Error"]
        return
    assert bool(answer["Error"]) == bool(error)
    assert answer["Error"].endswith(error.message if error else "")
    assert [(h["Name"], h["Descriptor"], h["Expand"], h["Chomp"]) for h in answer["Heredocs"]] == [
        word[2:] for word in found
    ]
    assert all(line[word.offset :].startswith(word.text) for word in found)


@settings(max_examples=2000)
@given(st.sampled_from(["", "<<", "3<<-", "<< "]), lines)
def test_a_word_announces_what_buildkit_says(lexer, start, rest):
    word = start + rest
    answer = lexer.ask("heredoc", word)
    announced, error = outcome(heredoc_word, word)
    assert bool(answer["Error"]) == bool(error)
    assert answer["Error"].endswith(error.message if error else "")
    expected = [(h["Name"], h["Descriptor"], h["Expand"], h["Chomp"]) for h in answer["Heredocs"]]
    assert ([announced] if announced else []) == expected
