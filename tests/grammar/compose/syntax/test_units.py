"""Quantities: numbers with the text that docker compose prints."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_500, "1.5µs"),
        (1_000_000, "1ms"),
        (1_000_000_000, "1s"),
        (90_000_000_000, "1m30s"),
        (3_600_000_000_000, "1h0m0s"),
        (-1_500_000_000, "-1.5s"),
        (86_400_000_000_000, "24h0m0s"),
    ],
)
def test_durations_print_as_go_prints_them(nanoseconds: int, text: str) -> None:
    assert str(Duration(nanoseconds)) == text


def test_a_duration_is_a_number_of_seconds() -> None:
    assert Duration(1_500_000_000).seconds == 1.5
    assert Duration(1_500_000_000).timedelta.total_seconds() == 1.5


@pytest.mark.parametrize(
    ("value", "text"), [(Bytes(1024), "1024"), (FileMode(0o444), "0444"), (FileMode(0), "00"), (FileMode(-1), "0-1")]
)
def test_sizes_and_modes(value: object, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (0.5, "0.5"), (1.5, "1.5"), (2.0, "2"), (1e30, "1e+30"), (1 / 3, "0.33333334")]
)
def test_fractions_of_32_bits(value: float, text: str) -> None:
    assert str(Float32(value)) == text


def test_what_is_too_large_for_32_bits_is_infinite() -> None:
    assert Float32(1e300) == math.inf
    assert Float32(-1e300) == -math.inf


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_fraction_reads_back_what_it_prints(value: float) -> None:
    assert Float32(float(str(Float32(value)))) == value
