"""The YAML text: every parser reads back the same value, and people can read it, too."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.manifest.yaml_writer import dump

TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20) | st.text(
    alphabet="ab01.:-#'\" \t\n\r&*!|>%@`{}[],?~yYnN\x85\u2028", max_size=12
)
VALUES = st.recursive(
    TEXT | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_reads_back(value: dict[str, object]) -> None:
    assert yaml.safe_load(dump(value) if value else "{}") == value


@pytest.mark.parametrize(
    "text",
    [
        *("y", "no", "On", "true", "null", "~", "1", "1.5", "1e3", "0x1f", "0o17", "1_000", "12:30:45", ".inf"),
        *("", " a", "a ", "a: b", "a #b", "- a", "=", "<<", "*a", "&a", "!a", "@a", "`a", "%a", "[a]", "{a}", "500"),
        *("-1", "2026-11-24"),
    ],
)
def test_what_some_parser_misreads_is_quoted(text: str) -> None:
    assert dump({"a": text}) == f'a: "{text}"\n'


@pytest.mark.parametrize("text", ["web", "nginx:1.2", "/run/x", "100Mi", "500m", "a b", "http://x:80/y", "a=b,c"])
def test_what_none_misreads_is_plain(text: str) -> None:
    assert dump({"a": text}) == f"a: {text}\n"


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\n\n", "|+\n  a\n\n"),
        ("\ta\n\n b\n", "|2\n  \ta\n\n   b\n"),
    ],
)
def test_blocks(text: str, block: str) -> None:
    assert dump({"k": text}) == f"k: {block}"
    assert yaml.safe_load(dump({"k": text, "z": 1})) == {"k": text, "z": 1}


@pytest.mark.parametrize("text", ["a\r\nb\n", "a\n \nb", "\n\n", "a\x00\nb"])
def test_what_no_block_can_hold_exactly_is_quoted(text: str) -> None:
    assert dump({"k": text}).startswith('k: "')
    assert yaml.safe_load(dump({"k": text})) == {"k": text}


def test_lists_are_not_indented() -> None:
    assert dump({"a": [{"b": 1, "c": [2]}, "d", [3]], "e": [], "f": {}}) == (
        "a:\n- b: 1\n  c:\n  - 2\n- d\n-\n  - 3\ne: []\nf: {}\n"
    )


def test_nothing_else_gets_through() -> None:
    with pytest.raises(TypeError):
        dump({"a": 1.5})
