"""`port`: where the ports of a service are reached."""

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["web", "80"], "0.0.0.0:8080"),
        (["web", "53/udp"], "0.0.0.0:5353"),
        (["--protocol", "udp", "web", "53"], "0.0.0.0:5353"),
        (["web", "53/UDP"], "0.0.0.0:5353"),
        (["--protocol", "UDP", "web", "53"], "0.0.0.0:5353"),
        (["--index", "2", "web", "80"], "0.0.0.0:8080"),
        (["agent", "9100"], "0.0.0.0:9100"),
        (["web"], "53/udp -> 0.0.0.0:5353\n80/tcp -> 0.0.0.0:8080\n81/tcp -> 0.0.0.0:8081"),
        (["web", "0"], "80/tcp -> 0.0.0.0:8080\n81/tcp -> 0.0.0.0:8081"),
        (["web", "0", "--protocol", "udp"], "53/udp -> 0.0.0.0:5353"),
        (["--protocol", "tcp", "web"], "80/tcp -> 0.0.0.0:8080\n81/tcp -> 0.0.0.0:8081"),
        (["web", "--protocol=udp", "--index=1"], "53/udp -> 0.0.0.0:5353"),
        (["agent"], "9100/tcp -> 0.0.0.0:9100"),
    ],
)
def test_port(running, stackferry, words, says):
    assert stackferry("port", *words) == (0, f"{says}\n", "")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["web", "82"], 1, "no port 82/tcp of service web is published\n  hint: published: 53/udp, 80/tcp, 81/tcp"),
        (["job", "80"], 1, "no port 80/tcp of service job is published\n"),
        (["--index", "5", "web"], 1, "service 'web' has no running task 5\n  hint: its slots are 1, 2"),
        (["web", "70000"], 2, "'70000' is not a port"),
        (["web", "http"], 2, "'http' is not a port"),
        (["wep", "80"], 1, "no such service: wep\n  hint: did you mean 'web'?"),
    ],
)
def test_what_is_not_there(running, stackferry, words, code, says):
    done = stackferry("port", *words)

    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_a_service_without_ports_has_none_to_list(running, stackferry):
    assert stackferry("port", "job") == (0, "", "")
    assert stackferry("port", "--protocol", "sctp", "web") == (0, "", "")
