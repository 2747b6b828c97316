"""Text to trees: exact places, BuildKit's tree and the written grammar's, and no file refused as a whole."""

import itertools
import re
from pathlib import Path

import lark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile import parse as module
from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.dockerfile.parse import Limit, parse
from stackferry.grammar.dockerfile.source import Source
from tests.grammar.dockerfile.making import DOCKERFILES, only, problems, read, shown, tree

LINES = [
    "FROM alpine:3.20",
    "FROM alpine AS base",
    "# a comment",
    "#",
    "# syntax=docker/dockerfile:1",
    "# escape=`",
    "  # indented",
    "",
    "   ",
    "RUN echo a \\",
    "    && echo b",
    "RUN cat <<EOF",
    "RUN <<-'EOF' bash",
    "EOF",
    "\tEOF",
    "COPY --from=base --chown=1:1 a b/",
    'CMD ["a", "b"]',
    'CMD ["a", b]',
    'ENV a=b c=\'d e\' f="g \\" h"',
    "ENV old value with  blanks",
    "ENV",
    "ARG x y=1",
    "ONBUILD RUN make",
    "HEALTHCHECK --interval=5s CMD curl -f http://localhost",
    "RU\\",
    "N echo broken keyword",
    "FROM",
    "NOPE what",
    "copy a b",
    "\\",
    "RUN a\\ ",
    "\ufeffFROM x",
    "RUN \udcff",
]
texts = st.lists(st.sampled_from(LINES), max_size=12).flatmap(
    lambda lines: st.lists(st.sampled_from(["\n", "\r\n", "\r\r\n"]), min_size=len(lines), max_size=len(lines)).map(
        lambda ends: "".join(map("".join, zip(lines, ends, strict=True)))
    )
)


@given(texts | st.text(st.sampled_from("FROM RUNab\"'\\`$#<>=-[],\t\r\n{}é"), max_size=60))
def test_every_place_is_in_the_text_and_says_what_is_there(text: str) -> None:
    dockerfile = tree(text)

    at = 0
    for instruction in dockerfile.instructions:
        assert at <= instruction.start < instruction.end <= len(text)
        at = instruction.end
        _check_places(instruction, text)
    for comment in dockerfile.comments:
        assert text[comment.start] == "#"
    for problem in problems(dockerfile):
        assert 0 <= problem.start <= problem.end <= len(text)


def _check_places(instruction: Instruction, text: str) -> None:
    joined = instruction.joined
    assert all(joined.text[at] == text[joined.at(at)] for at in range(len(joined.text)))
    for word in (instruction.word, *(instruction.words if instruction.json is None else ())):
        assert joined.text[word.at : word.at + len(word.text)] == word.text
        assert text[word.start : word.end].startswith(word.text[:1])
        assert word.start <= word.end
    for heredoc in instruction.heredocs:
        assert heredoc.start <= heredoc.end <= len(text)


def test_a_keyword_broken_over_lines() -> None:
    instruction = only("RU\\\n# in between\nN echo\n")

    assert instruction.keyword == "RUN"
    assert (instruction.word.start, instruction.word.end) == (0, 18)
    assert [comment.text for comment in instruction.inside] == ["in between"]


def test_one_bad_instruction_hides_no_other() -> None:
    dockerfile = tree("FROM alpine:3.20 AS base\nFROM base AS \nWORKDIR app\nEXPOSE 70000\nFORM x\nCMD [1]\nENV a\n")

    assert [instruction.keyword for instruction in dockerfile.instructions] == [
        *("FROM", "FROM", "WORKDIR", "EXPOSE", "FORM", "CMD", "ENV")
    ]
    assert shown(dockerfile) == [
        "2:11 invalid-arguments",
        "5:1 unknown-instruction",
        "6:5 invalid-json-form",
        "7:5 invalid-arguments",
    ]
    assert problems(dockerfile)[1].hint == "did you mean 'FROM'?"


def test_the_escape_directive_changes_what_continues_a_line() -> None:
    dockerfile = tree("# escape=`\nFROM x\nRUN dir C:\\\nRUN a `\n  b\n")

    assert [instruction.arguments.text for instruction in dockerfile.instructions] == ["x", "dir C:\\", "a   b"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# escape=x\nFROM a\n", ["1:1 invalid-directive"]),
        ("# syntax=a\n# syntax=b\nFROM a\n", ["2:1 invalid-directive"]),
        ("\n# escape=x\nFROM a\n", []),
        ("# nothing=x\n# escape=x\nFROM a\n", []),
        ("", ["1:1 no-instructions"]),
        ("# only\n", ["1:1 no-instructions"]),
        ("RUN <<EOF\nx\n", ["1:5 unterminated-heredoc"]),
        ("FROM 1 AS 2\n", ["1:11 invalid-stage-name"]),
        ("COPY a\n", ["1:1 missing-arguments"]),
        ("COPY --form=x a b\n", ["1:6 invalid-flag"]),
        ("COPY --from a b\n", ["1:6 invalid-flag"]),
        ("COPY --link=maybe a b\n", ["1:6 invalid-flag"]),
        ("COPY --from=x --from=y a b\n", ["1:15 invalid-flag"]),
        ("RUN --mount=type=cache,target=/a --mount=type=cache,target=/b x\n", []),
        ("USER --x=y z\n", ["1:6 invalid-flag"]),
        ("SHELL bash\n", ["1:7 invalid-json-form"]),
        ("SHELL []\n", ["1:1 missing-arguments"]),
        ("ONBUILD FROM x\n", ["1:9 invalid-onbuild-trigger"]),
        ("HEALTHCHECK NONE x\n", ["1:18 invalid-arguments"]),
        ("HEALTHCHECK --interval=1 CMD x\n", ["1:13 invalid-flag"]),
        ("HEALTHCHECK --retries=-1 CMD x\n", ["1:13 invalid-flag"]),
        ("HEALTHCHECK PING\n", ["1:13 invalid-arguments"]),
        ("HEALTHCHECK CMD\n", ["1:13 missing-arguments"]),
        ("VOLUME [\" \"]\n", ["1:9 invalid-arguments"]),
        ("COPY <<A\nx\nA\n", ["1:1 missing-arguments"]),
        ("COPY a <<A\nx\nA\n", ["1:8 invalid-arguments"]),
        ("LABEL =x\n", ["1:8 invalid-arguments"]),
    ],
)  # fmt: skip
def test_what_a_builder_refuses(text: str, says: list[str]) -> None:
    assert shown(tree(text)) == says


def test_heredocs() -> None:
    text = "RUN <<A cat <<-'B' 3<<C\n1\nA\n\t2\n\tB\nC\nWORKDIR x\n"
    run, workdir = tree(text).instructions

    assert [(heredoc.name, heredoc.expand, heredoc.chomp, heredoc.descriptor) for heredoc in run.heredocs] == [
        ("A", True, False, 0),
        ("B", False, True, 0),
        ("C", True, False, 3),
    ]
    assert [text[heredoc.start : heredoc.end] for heredoc in run.heredocs] == ["1\n", "\t2\n", ""]
    assert workdir.keyword == "WORKDIR"


def test_a_trigger_has_heredocs_of_its_own() -> None:
    instruction = only("ONBUILD RUN <<EOF\nmake\nEOF\n")

    assert instruction.trigger is not None
    assert instruction.trigger.heredocs == instruction.heredocs != ()


GRAMMAR = Path(module.__file__).with_name("dockerfile.lark").read_text(encoding="utf-8")
RULES = {
    **dict.fromkeys(("ADD", "COPY", "EXPOSE", "FROM", "VOLUME"), "words"),
    **dict.fromkeys(("ARG", "ENV", "LABEL"), "pairs"),
    "HEALTHCHECK": "health",
}
JSON = {"ADD", "COPY", "VOLUME", "CMD", "ENTRYPOINT", "RUN", "SHELL"}


def stated(escape: str) -> lark.Lark:
    """The written grammar, for an escape character."""
    starts = ["instruction", "exec_form", "words", "pairs", "rest", "health"]
    text = re.sub("@", lambda _: re.escape(escape), GRAMMAR.replace("`@` stands", "It stands"))
    return lark.Lark(text, parser="lalr", start=starts, keep_all_tokens=False, maybe_placeholders=False)


@pytest.mark.corpus
def test_the_written_grammar_gives_the_same_tree_over_the_corpus() -> None:
    grammars = {escape: stated(escape) for escape in "\\`"}
    compared = 0
    for path in DOCKERFILES:
        dockerfile = parse(read(path))
        for instruction in dockerfile.instructions:
            grammar = grammars[dockerfile.escape]
            assert _by_grammar(grammar, instruction) == _by_hand(instruction), (path, instruction.joined.text)
            compared += 1
    assert compared > 4000


def _by_hand(instruction: Instruction) -> tuple[str, list[str], list[str]]:
    text = instruction.joined.text
    words = [text[word.at : word.at + len(word.text)] for word in instruction.words]
    if instruction.json is not None:
        words = [word.text for word in instruction.words]
    return instruction.word.text, [flag.word.text for flag in instruction.flags], words


def _by_grammar(grammar: lark.Lark, instruction: Instruction) -> tuple[str, list[str], list[str]]:
    header = [(str(token.type), str(token)) for token in grammar.parse(instruction.joined.text, "instruction").children]
    keyword = header[0][1]
    flags = [text for kind, text in header if kind == "FLAG"]
    arguments = next((text for kind, text in header if kind == "ARGUMENTS"), "")
    if not arguments:
        return keyword, flags, []
    rule = RULES.get(keyword.upper(), "rest")
    prefix: list[str] = []
    if keyword.upper() == "HEALTHCHECK" and re.search(r"\s\[", arguments):
        prefix, arguments = [arguments.split(None, 1)[0]], arguments.split(None, 1)[1]
        rule = "rest"
    if keyword.upper() in JSON or prefix:
        try:
            strings = grammar.parse(arguments, "exec_form").children
        except lark.exceptions.LarkError:
            pass
        else:
            import json

            return keyword, flags, [*prefix, *(json.loads(text) for text in strings)]
    return keyword, flags, [*prefix, *map(str, grammar.parse(arguments, rule).children)]


@pytest.mark.corpus
def test_the_corpus_is_accepted() -> None:
    refused = {str(path): shown(parse(read(path))) for path in DOCKERFILES}

    assert {path: said for path, said in refused.items() if said} == {}
    assert len(refused) == 282


def test_all_keywords_are_known_to_the_grammar() -> None:
    assert set(RULES) <= set(READERS)
    assert list(itertools.chain(JSON - set(READERS))) == []


def test_it_is_linear() -> None:
    """Twenty thousand heredocs, continuations or flags in one file take no time to speak of."""
    for text in (
        "RUN a \\\n" * 20_000,
        "COPY " + "--from=x " * 20_000,
        "RUN cat <<A\nA\n" * 5_000,
        "ENV a=b\n" * 20_000,
    ):
        assert parse(Source(text)).instructions


@pytest.mark.parametrize(
    ("text", "kept", "message"),
    [
        ("FROM a\nRUN b\nRUN c\n", 2, "3:1: the file has more than 2 instructions: the rest is ignored"),
        ("FROM a\nRUN " + "b" * 60, 1, "2:1: the instructions in the file have more than 50 characters"),
        ("FROM a\nRUN <<E\n" + "b\n" * 30 + "E\n", 1, "2:1: the instructions in the file have more than 50"),
        ("FROM a\n" + "# comment\n" * 30 + "RUN b\n", 2, ""),
    ],
)
def test_what_lies_beyond_a_limit_is_not_read(text: str, kept: int, message: str) -> None:
    source = Source(text)
    found = parse(source, Limit(instructions=2, characters=50))
    said = [f"{at.line}:{at.column}: {one.message}" for one in found.problems if (at := source.position(one.start))]

    assert len(found.instructions) == kept
    assert [one[: len(message)] for one in said] == ([message] if message else [])
