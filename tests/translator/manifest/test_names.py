"""Legal names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.manifest.names import (
    LABEL,
    PORT_NAME,
    SERVICE,
    Allocator,
    data_key,
    dns_label,
    existing_name,
    hashed,
    is_label_value,
    is_qualified,
    service_label,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("web", "web"), ("My_DB", "my-db"), ("a.b", "a-b"), ("-x-", "x"), ("2fa", "2fa"), ("w" * 63, "w" * 63)],
)
def test_dns_label(text: str, expected: str) -> None:
    assert dns_label(text) == expected


def test_what_is_cut_off_stays_apart() -> None:
    assert dns_label("w" * 64) != dns_label("w" * 65)


@given(st.text())
def test_everything_gets_a_legal_name(text: str) -> None:
    assert LABEL.fullmatch(dns_label(text))
    assert SERVICE.fullmatch(service_label(text))
    assert LABEL.fullmatch(hashed(text, b"x"))
    assert data_key(text).replace("..", "")
    assert dns_label(dns_label(text)) == dns_label(text)


@given(st.lists(st.text(alphabet="a_-.", min_size=1), max_size=9))
def test_allocator_gives_no_name_twice(wanted: list[str]) -> None:
    allocator = Allocator()
    names = [allocator.take(dns_label(text), text) for text in wanted]

    assert len(set(names)) == len(names)
    assert all(LABEL.fullmatch(name) for name in names)


@pytest.mark.parametrize(
    ("name", "legal"), [("a", True), ("80", False), ("a-" * 8, False), ("a--b", False), ("A", False)]
)
def test_port_name(name: str, legal: bool) -> None:
    assert bool(PORT_NAME.fullmatch(name)) is legal


@pytest.mark.parametrize(
    ("key", "legal"), [("a.b/c", True), ("a_b", True), ("a/b/c", False), ("", False), ("_a", False), ("A.b/c", True)]
)
def test_qualified(key: str, legal: bool) -> None:
    assert is_qualified(key) is legal


def test_label_value() -> None:
    assert [is_label_value(text) for text in ("", "a_b", "a b", "x" * 64)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("db", "db"), ("my.conf", "my.conf"), ("My.conf", "my-conf"), ("a_b", "a-b"), ("a..b", "a--b")],
)
def test_what_exists_already_is_looked_for_under_its_own_name(name: str, expected: str) -> None:
    assert existing_name(name) == expected
