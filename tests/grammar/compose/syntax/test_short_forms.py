"""Addresses, paths and devices."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.short_forms import ShorthandError, clean, is_address, parse_device


@given(st.ip_addresses())
def test_addresses(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert is_address(str(address))


@pytest.mark.parametrize(
    "text", ["", "1", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "01.1.1.1", "a", "fe80::1%eth0", ":"]
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("", "."),
        (".", "."),
        ("a//b/", "a/b"),
        ("a/../b", "b"),
        ("../a", "../a"),
        ("//a", "/a"),
        ("/..", "/"),
        ("a/..", "."),
    ],
)
def test_paths(path: str, cleaned: str) -> None:
    assert clean(path) == cleaned


@given(st.text("a./"))
def test_a_clean_path_is_clean(path: str) -> None:
    assert clean(clean(path)) == clean(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a", ("/a", "/a", "rwm")),
        ("/a:/b", ("/a", "/b", "rwm")),
        ("/a:/b:r", ("/a", "/b", "r")),
        ("/a::r", ("/a", "/a", "r")),
        ("", ("", "", "rwm")),
    ],
)
def test_devices(text: str, expected: tuple[str, str, str]) -> None:
    found = parse_device(text)

    assert (found["source"], found["target"], found["permissions"]) == expected


def test_a_device_of_four_parts() -> None:
    with pytest.raises(ShorthandError, match="invalid device mapping 'a:b:c:d'"):
        parse_device("a:b:c:d")
