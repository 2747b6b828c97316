"""EXPOSE of the built stage and of its base stages, with the build arguments of the compose file."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.files import Memory
from stackferry.translator.discovery.dockerfile_ports import ports_of_build
from stackferry.translator.host import Host
from tests.translator.making import HERE, service

STAGES = (
    "ARG PORT=8000\nFROM alpine AS base\nEXPOSE 1\nFROM base AS app\nARG PORT\nEXPOSE $PORT 53/udp\nFROM nginx AS web\n"
)


def ports(text: str | None = None, /, **keys: Any) -> list[str]:
    host = Host(Memory({"app/Dockerfile": text} if text is not None else {}, HERE))
    built = service("app", image=None, build=Build(context=f"{HERE}/app", **keys))
    return [f"{port.number}/{port.protocol}" for port in ports_of_build(built, host)]


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        (STAGES, {"target": "app"}, ["8000/TCP", "53/UDP", "1/TCP"]),
        (STAGES, {"target": "app", "args": {"PORT": "9"}}, ["9/TCP", "53/UDP", "1/TCP"]),
        (STAGES, {}, ["80/TCP"]),
        ("FROM x\nEXPOSE 8000-8002 70000 1-500 $NO x\n", {}, ["8000/TCP", "8001/TCP", "8002/TCP"]),
        ("EXPOSE 1", {}, []),
        (None, {}, []),
        (None, {"dockerfile_inline": "FROM x\nEXPOSE 7"}, ["7/TCP"]),
    ],
)
def test_exposed(text: str | None, keys: dict[str, Any], expected: list[str]) -> None:
    assert ports(text, **keys) == expected
