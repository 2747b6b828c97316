"""Signals: their names as `kill` accepts them, and which one a node sends."""

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from stackferry.translator.options import Options
from stackferry.translator.pod.stop_signals import sent_by_node, stop_signal
from stackferry.translator.stack import stack_of
from tests.translator.making import HERE, project, service


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SIGTERM", "TERM"),
        ("quit", "QUIT"),
        ("3", "QUIT"),
        ("9", "KILL"),
        ("15", "TERM"),
        ("31", "SYS"),
        ("SIGRTMIN", "34"),
        ("SIGRTMIN+3", "37"),
        ("RTMAX-1", "63"),
        ("SIGRTMIN+31", None),
        ("37", "37"),
        ("65", None),
        ("0", None),
        ("SIGNOTHING", None),
        ("", None),
    ],
)
def test_signal(text: str, name: str | None) -> None:
    assert stop_signal(text) == name


def sent(web: Service, dockerfile: str = "") -> str:
    host = Host(Memory({f"{HERE}/Dockerfile": dockerfile}, HERE))
    return sent_by_node(web, stack_of(project(web), host, Options(), plan_names(project(web), Notes())))


@pytest.mark.parametrize(
    ("image", "signal"),
    [
        ("nginx:1", "QUIT"),
        ("docker.io/library/nginx", "QUIT"),
        ("me/nginx", "TERM"),
        ("php:8-fpm", "QUIT"),
        ("php:8-apache", "TERM"),
        ("postgres@sha256:0", "INT"),
        ("other", "TERM"),
    ],
)
def test_of_images(image: str, signal: str) -> None:
    assert sent(service(image=image)) == signal


@pytest.mark.parametrize(
    ("dockerfile", "signal"),
    [
        ("FROM x\nSTOPSIGNAL SIGINT\n", "INT"),
        ("FROM x AS base\nSTOPSIGNAL 10\nFROM base\nRUN true\n", "USR1"),
        ("FROM x\nARG S=SIGHUP\nSTOPSIGNAL $S\n", "HUP"),
        ("FROM x\nONBUILD STOPSIGNAL SIGINT\n", "TERM"),
        ("FROM x\n", "TERM"),
        ("nonsense", "TERM"),
    ],
)
def test_of_a_dockerfile(dockerfile: str, signal: str) -> None:
    assert sent(service(image=None, build=Build(context=HERE)), dockerfile) == signal
