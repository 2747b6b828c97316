"""`port`: where a port of a service is reached."""

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["web", "80"], "0.0.0.0:8080"),
        (["web", "53/udp"], "0.0.0.0:5353"),
        (["--protocol", "udp", "web", "53"], "0.0.0.0:5353"),
        (["agent", "9100"], "0.0.0.0:9100"),
    ],
)
def test_port(running, stackferry, words, says):
    assert stackferry("port", *words) == (0, f"{says}\n", "")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["web", "82"], 1, "no port 82/tcp of service web is published\n  hint: published: 80/tcp, 81/tcp, 53/udp"),
        (["job", "80"], 1, "no port 80/tcp of service job is published\n"),
        (["web", "http"], 2, "'http' is no port"),
        (["wep", "80"], 1, "no such service: wep\n  hint: did you mean 'web'?"),
    ],
)
def test_what_is_not_there(running, stackferry, words, code, says):
    done = stackferry("port", *words)

    assert (done.code, done.out) == (code, "")
    assert says in done.err
