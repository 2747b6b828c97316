"""BuildKit's text form of a tree, and the expected ones of its parser's test data."""

import pytest

from stackferry.grammar.dockerfile.dump import dump, quote
from stackferry.grammar.dockerfile.parse import parse
from tests.grammar.dockerfile.making import BUILDKIT, problems, read, tree


@pytest.mark.corpus
def test_the_same_trees_as_buildkit() -> None:
    folders = sorted((BUILDKIT / "testfiles").iterdir())
    assert len(folders) == 33
    for folder in folders:
        dumped = dump(parse(read(folder / "Dockerfile")))

        assert dumped.strip() == (folder / "result").read_text(encoding="utf-8").strip(), folder.name


@pytest.mark.corpus
def test_what_buildkit_refuses_is_refused() -> None:
    folders = sorted((BUILDKIT / "testfiles-negative").iterdir())
    assert len(folders) == 4
    assert [folder.name for folder in folders if not problems(parse(read(folder / "Dockerfile")))] == []


def test_the_form() -> None:
    text = 'FROM a\nONBUILD run --network=none x "y"\nENV a b c\nLABEL a=b c="d e"\nCMD ["x", "\\t"]\n'

    assert dump(tree(text)).splitlines() == [
        '(from "a")',
        '(onbuild (run ["--network=none"] "x \\"y\\""))',
        '(env "a" "b c" "")',
        '(label "a" "b" "=" "c" "\\"d e\\"" "=")',
        '(cmd "x" "\\t")',
    ]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("é", '"é"'), ("\x01", '"\\x01"'), ("\udcff", '"\\xff"'), ("\u200b", '"\\u200b"'), ('"\\', '"\\"\\\\"')],
)
def test_quoting(text: str, quoted: str) -> None:
    assert quote(text) == quoted
