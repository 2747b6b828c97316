"""Plain scalars have the meaning of go-yaml; odd-looking text stays text."""

import math

import pytest

from stackferry.grammar.compose.tree.scalars import Timestamp, literal, resolve, tagged

TAG = "tag:yaml.org,2002:"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        ("0", 0),
        ("-1", -1),
        ("+7", 7),
        ("0777", 511),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0b101", -5),
        ("1_000", 1000),
        ("18446744073709551615", (1 << 64) - 1),
        ("-9223372036854775808", -(1 << 63)),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("089", 89.0),
        ("18446744073709551616", 2.0**64),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
    ],
)
def test_words_and_numbers(text: str, expected: object) -> None:
    found = resolve(text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "no", "on", "off", "y", "n", "YES", "nULL", "tRue", "none", "None"),
        *("1:30", "12:30:45", "0o8", "0xg", "1.2.3", "1e", "--1", "+", "-", ".", "..", "e5", "infinity", ".Infinity"),
        *("1 000", "9" * 10 + "x", "٣", "x", "<<", "nginx:1.27", "=", "2001-1", "2001-01-01x"),
    ],
)
def test_text_stays_text(text: str) -> None:
    assert resolve(text) == text
    assert type(resolve(text)) is str


def test_nan() -> None:
    assert math.isnan(resolve(".nan"))


def test_a_number_of_ten_thousand_digits_is_text() -> None:
    assert resolve("9" * 10_000) == "9" * 10_000
    assert resolve("0x" + "f" * 10_000) == "0x" + "f" * 10_000


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2001-12-15", "2001-12-15T00:00:00Z"),
        ("2001-1-5", "2001-01-05T00:00:00Z"),
        ("2001-12-15T02:59:43.100Z", "2001-12-15T02:59:43.1Z"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
        ("2001-12-14 1:9:3", "2001-12-14T01:09:03Z"),
    ],
)
def test_dates(text: str, normal: str) -> None:
    found = resolve(text)

    assert type(found) is Timestamp
    assert found.normal() == normal


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("str", "1", "1"),
        ("int", "0x10", 16),
        ("float", "1", 1.0),
        ("bool", "true", True),
        ("null", "~", None),
        ("binary", "aGVsbG8=", "hello"),
        ("foreign", "1", "1"),
    ],
)
def test_explicit_tags(tag: str, text: str, expected: object) -> None:
    found = tagged(TAG + tag, text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("tag", "text"), [("int", "x"), ("float", "x"), ("bool", "yes"), ("null", "x"), ("binary", "a")]
)
def test_a_tag_that_does_not_fit_is_refused(tag: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot decode|base64"):
        tagged(TAG + tag, text)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("77", 77), ("077", 63), ("0o77", 63), ("0x1F", 31), ("1_0", 10), ("0b11", 3)]
)
def test_a_natural_number_as_go_writes_it(text: str, number: int) -> None:
    assert literal(text) == number


@pytest.mark.parametrize("text", ["", "-1", "08", "1__0", "_1", "x", "4294967296", "1.0", "9" * 100])
def test_no_natural_number(text: str) -> None:
    with pytest.raises(ValueError, match="whole number of 32 bits"):
        literal(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2001-1-2", "2001-01-02 00:00:00 +0000 UTC"),
        ("2001-01-02 3:4:5.60", "2001-01-02 03:04:05.6 +0000 UTC"),
        ("2001-01-02T03:04:05-04:30", "2001-01-02 03:04:05 -0430 -0430"),
    ],
)
def test_a_date_as_go_prints_it(text: str, printed: str) -> None:
    assert resolve(text).go_text() == printed


@pytest.mark.parametrize("text", ["2001-02-30", "2001-13-01", "2001-00-01", "2001-01-01 24:00:00", "1900-02-29"])
def test_no_such_day_is_text(text: str) -> None:
    assert type(resolve(text)) is str


def test_zero_below_zero_and_numbers_too_great() -> None:
    assert str(resolve("-0")) == "-0.0"
    assert (resolve("1e400"), resolve(".1e999")) == ("1e400", ".1e999")
