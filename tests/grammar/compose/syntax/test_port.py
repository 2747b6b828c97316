"""Ports in short syntax: every notation, errors, and that the long form parses back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.port import parse_port
from stackferry.grammar.compose.syntax.short_forms import ShorthandError


def short(port: dict[str, object]) -> str:
    """A port in long syntax, written short."""
    address = str(port.get("host_ip", ""))
    address = f"[{address}]:" if ":" in address else f"{address}:" if address else ""
    published = f"{port['published']}:" if "published" in port else ":" if address else ""
    return f"{address}{published}{port['target']}/{port['protocol']}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", ["80/tcp"]),
        ("80/UDP", ["80/udp"]),
        ("8080:80", ["8080:80/tcp"]),
        ("080:0080/sctp", ["80:80/sctp"]),
        ("127.0.0.1:8080:80", ["127.0.0.1:8080:80/tcp"]),
        ("127.0.0.1::80", ["127.0.0.1::80/tcp"]),
        ("[::1]:80:80", ["[::1]:80:80/tcp"]),
        ("::1:80:80", ["[::1]:80:80/tcp"]),
        (":80", ["80/tcp"]),
        ("80-82", ["80/tcp", "81/tcp", "82/tcp"]),
        ("9-10", ["10/tcp", "9/tcp"]),
        ("8000-8001:80-81", ["8000:80/tcp", "8001:81/tcp"]),
        ("8000-8001:80", ["8000-8001:80/tcp"]),
        ("0:0", ["0:0/tcp"]),
        ("65535:65535", ["65535:65535/tcp"]),
    ],
)
def test_short_syntax(text: str, expected: list[str]) -> None:
    assert [short(port) for port in parse_port(text)] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' has no container port"),
        ("80:", "'80:' has no container port"),
        ("/tcp", "no container port"),
        ("a", "invalid container port 'a' in 'a'"),
        ("a:80", "invalid published port 'a' in 'a:80'"),
        ("65536", "invalid container port '65536'"),
        ("-1", "invalid container port '-1'"),
        ("²", "invalid container port '²'"),
        ("80/http", "invalid protocol 'http' in '80/http'"),
        ("82-80", "the container port range '82-80' in '82-80' ends before it starts"),
        ("80-81:90-92", "the ranges of '80-81:90-92' differ in length: 90-92 has 3 ports, 80-81 2"),
        ("1.2.3:80:80", "invalid IP address '1.2.3' in '1.2.3:80:80'"),
        ("localhost:80:80", "invalid IP address 'localhost'"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(ShorthandError) as caught:
        parse_port(text)
    assert message in str(caught.value)


NUMBERS = st.integers(1, 65535)


@given(st.sampled_from(["", "127.0.0.1", "::1"]), st.none() | NUMBERS, NUMBERS, st.sampled_from(["tcp", "udp", "sctp"]))
def test_a_single_port_comes_back(address: str, published: int | None, target: int, protocol: str) -> None:
    port = {"mode": "ingress", "target": target, "protocol": protocol}
    port |= {"host_ip": address} if address else {}
    port |= {"published": str(published)} if published else {}

    assert parse_port(short(port)) == [port]


@given(st.integers(1, 60000), st.integers(1, 60000), st.integers(1, 50))
def test_ranges_run_side_by_side(low: int, target: int, length: int) -> None:
    ports = parse_port(f"{low}-{low + length}:{target}-{target + length}")

    assert {(int(port["published"]) - low, port["target"] - target) for port in ports} == {
        (step, step) for step in range(length + 1)
    }
