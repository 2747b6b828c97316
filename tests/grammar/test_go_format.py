"""Scalars as Go prints them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.go_format import float_text, sprint


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (None, "<nil>"),
        (10**20, "100000000000000000000"),
        (1.5, "1.5"),
        (2.0, "2"),
        (-0.0, "-0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (999999.0, "999999"),
        (1e6, "1e+06"),
        (1.25e-7, "1.25e-07"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_sprint(value: object, text: str) -> None:
    assert sprint(value) == text


@given(st.floats(allow_nan=False))
def test_a_float_reads_back(value: float) -> None:
    assert float(float_text(value)) == value
