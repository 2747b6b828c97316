"""Months and releases: what a frozen set means, what is preview."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.release import RELEASES, Releases, newer, number
from stackferry.grammar.lint.settings import DEFAULTS

TABLE = Releases((("0.9.0", "2026.12"), ("1.0.0", "2027.03"), ("1.9.0", "2027.11"), ("1.10.0", "2027.11")))


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("2026.12", "0.9.0"),
        ("2027.02", "0.9.0"),
        ("2027.03", "1.0.0"),
        ("2027.11", "1.10.0"),
        ("2040.01", "1.10.0"),
        ("1.9.0", "1.9.0"),
        ("7.0.0", "7.0.0"),
    ],
)
def test_the_release_that_is_meant(text, release):
    assert TABLE.meant(text) == release


@pytest.mark.parametrize("text", ["2026.11", "2026.13", "2026.1", "2026-12", "26.12", "latest", "", "1.0", "2026.00"])
def test_what_means_no_release(text):
    with pytest.raises(ValueError, match=r"neither a month|no releases with rules"):
        TABLE.meant(text)


def test_preview_ends_with_a_major_version():
    assert TABLE.baseline() == "1.0.0"
    assert Releases(TABLE.table[:1]).baseline() == "0.9.0"
    assert Releases((*TABLE.table, ("2.0.0", "2028.01"))).baseline() == "2.0.0"


def test_our_own_table_is_in_order():
    versions = [number(version) for version, _ in RELEASES]
    months = [month for _, month in RELEASES]

    assert versions == sorted(set(versions))
    assert months == sorted(months)


def test_a_widening_waits_as_a_new_rule_does():
    assert DEFAULTS.widened("9.9.9")
    assert DEFAULTS._replace(release="1.0.0").widened("1.0.0")
    assert not DEFAULTS._replace(release="1.0.0").widened("1.1.0")


@given(st.tuples(*[st.integers(0, 50)] * 3), st.tuples(*[st.integers(0, 50)] * 3))
def test_versions_are_compared_by_their_numbers(left, right):
    assert newer(".".join(map(str, left)), ".".join(map(str, right))) == (left > right)
