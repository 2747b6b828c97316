import pytest

from stackferry.grammar.dockerfile.facts.ports import port


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("80", ("", "", "80", "")),
        ("80/udp", ("", "", "80", "udp")),
        ("8080:80", ("", "8080", "80", "")),
        ("127.0.0.1:8080:80/tcp", ("127.0.0.1", "8080", "80", "tcp")),
        ("127.0.0.1::80", ("127.0.0.1", "", "80", "")),
        ("[::1]:1-2:3-4", ("[::1]", "1-2", "3-4", "")),
        ("1/2:80", ("", "1/2", "80", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_port_in_parts(text, parts):
    assert port(text) == parts
