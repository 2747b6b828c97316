"""The smallest stack that has all steps: an image that is built here, a claim, a published port. Up in seconds."""

import contextlib
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.minikube.guestbook import load_servers
from tests.minikube.rig import Rig
from tests.minikube.stack import Stack

NAME = "small"
COMPOSE = f"""\
name: {NAME}
services:
  web:
    build: .
    image: {NAME}-web
    # As process 1 it ends by no signal that it has not asked for.
    command: sh -c "trap exit TERM; date >>/data/starts; httpd -p 80 -h /www; while :; do sleep 1; done"
    ports: ["8088:80"]
    volumes: [data:/data]
volumes:
  data:
"""
DOCKERFILE = "FROM busybox:1\nCOPY index.html /www/index.html\n"


def change(stack: Stack, page: str) -> None:
    """Give it another page, and so another image."""
    (stack.folder / "index.html").write_text(page, "utf-8")


def page(rig: Rig) -> str:
    with urllib.request.urlopen(f"http://{rig.address()}:8088/", timeout=10) as answer:
        return answer.read().decode()


def starts(rig: Rig) -> int:
    """How often its container has been started, by the file in its claim."""
    return len(rig.kubectl("exec", "-n", NAME, "deployment/web", "--", "cat", "/data/starts").splitlines())


@contextlib.contextmanager
def small_stack(rig: Rig, folder: Path) -> Iterator[Stack]:
    """The stack in a folder; afterwards nothing of it is on the node, or on the engine."""
    load_servers("busybox:1")
    folder.mkdir()
    stack = Stack(rig, folder)
    stack.write(COMPOSE)
    (folder / "Dockerfile").write_text(DOCKERFILE, "utf-8")
    # Whatever an earlier test has moved to the node is another one.
    change(stack, uuid.uuid4().hex)
    yield stack
    stack.run("down", "--volumes")
    subprocess.run(["docker", "rmi", "-f", f"{NAME}-web"], capture_output=True, check=False)


@pytest.fixture
def small(rig: Rig, engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    with small_stack(rig, tmp_path / NAME) as stack:
        yield stack
