"""`events --json` and `--progress json` of a stack on the real engine, as a web page would read them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.control.progress import Standing, progress_of
from stackferry.emulator.engine.docker import DockerEngine
from tests.engine.fixtures import engine, image
from tests.engine.image import NAME
from tests.engine.stack import Stack

__all__ = ["engine", "image"]

pytestmark = pytest.mark.engine

COMPOSE = f"""
services:
  web: {{image: {NAME}, command: ["sleep", "3000"], stop_grace_period: 0s, depends_on: [job]}}
  job: {{image: {NAME}, command: [sh, -c, "exit 3"], deploy: {{restart_policy: {{condition: none}}}}}}
"""


@pytest.fixture
def stack(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Stack]:
    it = Stack(engine, tmp_path, COMPOSE)
    try:
        yield it
    finally:
        it.close()


def events(it: Stack, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in it.ok("events", "--no-follow", "--json", *words).splitlines()]


def test_a_stack_tells_what_happens_in_it(stack: Stack) -> None:
    told = stack.run("--progress", "json", "up", "-d").stderr
    stack.write(COMPOSE.replace("3000", "4000"))
    stack.run("up", "-d", "-q", "web")

    lines = [json.loads(line) for line in told.splitlines()]
    shown = [progress_of(one) for one in lines if "standing" in one]
    assert {one.name for one in shown} == {f"{stack.name}_web", f"{stack.name}_job"}
    assert any(one.standing is Standing.STUCK for one in shown)
    assert all("msg" in one or "standing" in one for one in lines)

    services = [(one["action"], one["service"]) for one in events(stack) if one["type"] == "service"]
    assert {("create", "web"), ("create", "job"), ("update", "web")} <= set(services)
    (failed,) = [one for one in events(stack, "job") if one.get("state") == "failed" and one["action"] == "update"]
    assert (failed["service"], failed["slot"], failed["exit_code"]) == ("job", 1, 3)
    assert failed["attributes"]["exitCode"] == "3"
    assert {one["service"] for one in events(stack, "job")} == {"job"}
