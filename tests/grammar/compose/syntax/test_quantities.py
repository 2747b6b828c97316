"""Text to durations, sizes and modes, and the message for invalid text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.quantities import duration, file_mode, nano_cpus, size
from stackferry.grammar.compose.syntax.units import Duration


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("1ns", 1),
        ("1us", 1_000),
        ("1µs", 1_000),
        ("1ms", 1_000_000),
        ("30s", 30_000_000_000),
        ("1m30s", 90_000_000_000),
        ("1.5h", 5_400_000_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("2d", 172_800_000_000_000),
        ("1w", 604_800_000_000_000),
        ("-1s", -1_000_000_000),
        ("+1s", 1_000_000_000),
        ("1s1h", 3_601_000_000_000),
    ],
)
def test_durations(text: str, nanoseconds: int) -> None:
    assert duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid duration '': write it as 30s"),
        ("5", "invalid duration '5': add a unit: 5s"),
        ("1.5", "add a unit: 1.5s"),
        ("s", "write it as"),
        ("1y", "write it as"),
        ("1 s", "write it as"),
        ("1.2.3s", "write it as"),
        ("9" * 30 + "h", "invalid duration"),
        ("1h" * 200, "invalid duration"),
        ("1." + "9" * 5000 + "s", "invalid duration"),
    ],
)
def test_what_is_no_duration(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="invalid duration") as caught:
        duration(text)
    assert message in str(caught.value)


@given(st.integers(-(1 << 62), 1 << 62))
def test_a_duration_reads_back_what_it_prints(nanoseconds: int) -> None:
    assert duration(str(Duration(nanoseconds))) == nanoseconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("1024", 1024),
        ("10b", 10),
        ("1k", 1024),
        ("1KB", 1024),
        ("1KiB", 1024),
        ("64m", 64 << 20),
        ("1.5gb", 3 << 29),
        ("1 g", 1 << 30),
        ("2t", 2 << 40),
        ("1p", 1 << 50),
    ],
)
def test_sizes(text: str, expected: int) -> None:
    assert size(text) == expected


@pytest.mark.parametrize("text", ["", "m", "1x", "1ib", "-1m", "1  m", "1e999g", "nan", "1_0m", "lots"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid size .*: write it as 512m, 1g or a number of bytes"):
        size(text)


@given(st.integers(0, 1 << 50), st.sampled_from(["", "b"]))
def test_a_number_of_bytes_is_itself(number: int, suffix: str) -> None:
    assert size(f"{number}{suffix}") == number


@given(st.integers(0, 0o7777))
def test_a_mode_reads_back_what_it_prints(bits: int) -> None:
    assert str(file_mode(f"0{bits:o}")) == f"0{bits:o}"


@pytest.mark.parametrize("text", ["", "8", "rw", "0x1", "4 4"])
def test_what_is_no_mode(text: str) -> None:
    with pytest.raises(ValueError, match="write octal digits, such as 0444"):
        file_mode(text)


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("0", 0),
        ("1.5", 1_500_000_000),
        (".000000001", 1),
        ("1.0000000000", 1_000_000_000),
        ("3/2", 1_500_000_000),
        ("+5e-1", 500_000_000),
        ("1e+06", 10**15),
        ("-2", -2_000_000_000),
    ],
)
def test_cpus(text: str, nano: int) -> None:
    assert nano_cpus(text) == nano


@pytest.mark.parametrize(
    "text", ["", ".", "-", "1/0", "1/3", "0.0000000001", "1e99", "1e9999", "nan", "+Inf", "1" * 101]
)
def test_what_is_no_number_of_cpus(text: str) -> None:
    with pytest.raises(ValueError, match="invalid number of CPUs"):
        nano_cpus(text)
