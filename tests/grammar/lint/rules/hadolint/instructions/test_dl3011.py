import pytest

from tests.grammar.lint.making import said


@pytest.mark.parametrize(
    "port",
    [
        "0",
        "65535",
        "+80",
        "080",
        "80/",
        "80/tcp",
        "80/UDP",
        "1-65535",
        "80-80",
        "::80",
        "[::1]:1-2:3-4/sctp",
        '"80 81"',
    ],
)
def test_a_port_is_fine(port):
    assert said("DL3011", f"FROM a:1\nEXPOSE {port}\n") == []


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("65536", "port 65536 does not exist"),
        ("-1", "-1 is not a port"),
        ("80-", "80- is not a port"),
        ("80-70", "the range 80-70 ends before it starts"),
        ("80/x", "x is not a protocol"),
        ("/tcp", "/tcp is not a port"),
        ("80:", "80: is not a port"),
        ("70000:80", "port 70000 does not exist"),
    ],
)
def test_a_port_is_wrong(port, message):
    assert said("DL3011", f"FROM a:1\nEXPOSE {port}\n") == [f"2:8 {port}: {message}"]


def test_a_variable_may_hold_several_ports():
    assert said("DL3011", "FROM a:1\nENV PORTS='80 70000'\nEXPOSE $PORTS\n") == [
        "3:8 $PORTS: port 70000 does not exist"
    ]
