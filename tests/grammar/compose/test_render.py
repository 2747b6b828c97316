"""The writer: what it writes, read back, is the same."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grammar.compose.node import plain
from grammar.compose.read import read
from grammar.compose.render import render_json, render_yaml
from grammar.diagnostics import Diagnostics

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
        ({"a": "yes", "b": "1.0", "c": "a: b", "d": ""}, 'a: "yes"\nb: "1.0"\nc: \'a: b\'\nd: ""\n'),
        ({"a": "x\ny\n"}, "a: |\n  x\n  y\n"),
        ({"a": "x\ny"}, "a: |-\n  x\n  y\n"),
        ({"a": "=", "b": "=="}, 'a: "="\nb: ==\n'),
        ({"a": "\t\n"}, 'a: "\\t\\n"\n'),
        ({"a": True, "b": 1.5, "c": 1e6}, "a: true\nb: 1.5\nc: 1e+06\n"),
    ],
)
def test_yaml(value: object, text: str) -> None:
    assert render_yaml(value) == text


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_yaml_reads_back_for_us_and_for_others(document: dict[str, object]) -> None:
    text = render_yaml(document)
    report = Diagnostics()
    [ours] = read("f", text.encode(), report)

    assert list(report) == []
    assert plain(ours.root) == document
    assert yaml.safe_load(text) == document


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_json_reads_back(document: dict[str, object]) -> None:
    assert json.loads(render_json(document)) == document


def test_json_is_escaped_as_go_escapes_it() -> None:
    assert render_json({"a": "<&>"}) == '{\n  "a": "\\u003c\\u0026\\u003e"\n}'
