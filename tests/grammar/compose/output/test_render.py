"""The writer: its output parses back to the same value."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from stackferry.grammar.compose.output.render import json_pieces, render_json, render_yaml, yaml_pieces
from stackferry.grammar.compose.tree.node import plain
from stackferry.grammar.compose.tree.read import read
from stackferry.grammar.diagnostics import Diagnostics

TEXT = st.text(st.sampled_from("ab :-#'\"\\\n\t\r,[]{}&*!|>%@`=1.0e_~yn\x00\x7f\x85\xa0\u2028é😀\ufeff")) | st.text()
VALUES = st.recursive(
    TEXT | st.booleans() | st.none() | st.integers(-(2**63), 2**64 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}\n"),
        ({"a": []}, "a: []\n"),
        ({"a": [1, {"b": "c", "d": None}]}, "a:\n  - 1\n  - b: c\n    d: null\n"),
        ({"a": "yes", "b": "1.0", "c": "a: b", "d": ""}, "a: 'yes'\nb: \"1.0\"\nc: 'a: b'\nd: \"\"\n"),
        ({"a": "x\ny\n"}, "a: |\n  x\n  y\n"),
        ({"a": "x\ny"}, "a: |-\n  x\n  y\n"),
        ({"a": "=", "b": "=="}, 'a: "="\nb: ==\n'),
        ({"a": "\t\n"}, 'a: "\\t\\n"\n'),
        ({"a": True, "b": 1.5, "c": 1e6}, "a: true\nb: 1.5\nc: 1e+06\n"),
    ],
)
def test_yaml(value: object, text: str) -> None:
    assert render_yaml(value) == text


@example({"": ".0_"})
@example({"": "0b_"})
@example({"": "-0x_"})
@example({"": "\n\t0"})
@example({"": "\n 0"})
@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_yaml_reads_back_for_us_and_for_others(document: dict[str, object]) -> None:
    text = render_yaml(document)
    report = Diagnostics()
    [ours] = read("f", text.encode(), report)

    assert list(report) == []
    assert plain(ours.root) == document
    assert yaml.safe_load(text) == document


@example({"": ".0_"})
@example({"": "0b_"})
@example({"": "-0x_"})
@example({"": "\n\t0"})
@example({"": "\n 0"})
@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_json_reads_back(document: dict[str, object]) -> None:
    assert json.loads(render_json(document)) == document


def test_json_is_escaped_as_go_escapes_it() -> None:
    assert render_json({"a": "<&>"}) == '{\n  "a": "\\u003c\\u0026\\u003e"\n}'


@example({"": ".0_"})
@example({"": "0b_"})
@example({"": "-0x_"})
@example({"": "\n\t0"})
@example({"": "\n 0"})
@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_json_is_laid_out_as_pythons_own_encoder_does(document: dict[str, object]) -> None:
    own = json.dumps(document, indent=2, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        own = own.replace(letter, f"\\u{ord(letter):04x}")

    assert render_json(document) == own


def test_what_stands_in_nested_items_begins_on_the_line_of_the_outermost() -> None:
    assert render_yaml([[[1, {"a": 2, "b\nc": [3]}], []], {"d": {"e": {}}}]) == (
        "- - - 1\n    - a: 2\n      ? |-\n        b\n        c\n      :\n        - 3\n  - []\n- d:\n    e: {}\n"
    )


def test_a_large_document_comes_in_pieces_that_are_the_whole() -> None:
    document = {"a": list(range(2500)), "b": {"c": ["<"]}}
    yamls, jsons = list(yaml_pieces(document)), list(json_pieces(document))

    assert [piece.count("\n") for piece in yamls] == [1000, 1000, 504]
    assert "".join(yamls) == render_yaml(document)
    assert len(jsons) == 4
    assert "".join(jsons) == render_json(document) + "\n"
