"""Published ports of a stack on minikube: kept numbers, or errors with their lines."""

import urllib.request

import pytest

from tests.engine.fixtures import engine
from tests.minikube.guestbook import load_servers
from tests.minikube.stack import Stack, forget

__all__ = ["engine"]

COMPOSE = """\
name: doors
services:
  web:
    image: busybox:1
    command: sh -c "trap exit TERM; echo here >/tmp/index.html; httpd -p 80 -h /tmp; while :; do sleep 1; done"
    ports:
      - "80:80"
      - "8088:80"
      - "5353:53/udp"
"""
TAKEN = {22: 23, 2376: 2377, 2379: 2382, 8443: 8444, 10250: 10260}
"""What the node has itself, and the next number that it does not."""


@pytest.fixture
def stack(rig, engine, tmp_path):
    load_servers("busybox:1")
    (tmp_path / "doors").mkdir()
    stack = Stack(rig, tmp_path / "doors")
    stack.write(COMPOSE)
    yield stack
    forget(stack, "doors")


def test_every_port_answers_at_its_own_number(stack):
    up = stack.ok("up")
    again = stack.ok("urls")

    address = stack.rig.address()
    lines = up.out.splitlines()
    assert sorted(lines) == sorted(
        [f"web  http://{address}:80", f"web  http://{address}:8088", f"web  {address}:5353/udp  (not tried)"]
    )
    assert again.out == up.out
    for url in (line.split()[1] for line in lines if "http" in line):
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.read() == b"here\n"


def test_a_port_of_the_node_itself_is_refused_at_its_line(bare_rig, tmp_path):
    stack = Stack(bare_rig, tmp_path)
    ports = "".join(f'      - "{one}:80"\n' for one in TAKEN)
    stack.write(f"services:\n  web:\n    image: busybox:1\n    ports:\n{ports}")

    refused = stack.refused("up")

    errors = [line for line in refused.splitlines() if "minikube-port" in line]
    assert len(errors) == len(TAKEN), refused
    for line, (taken, free) in enumerate(TAKEN.items(), start=5):
        (error,) = (one for one in errors if f"port {taken} " in one)
        assert f"compose.yaml:{line}:" in error
        assert f"publish {free} instead" in refused
    assert bare_rig.state()["vms"] == {}
