"""The smallest stack with all steps: a built image, a claim, a published port. Starts in seconds."""

import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.minikube.guestbook import load_servers
from tests.minikube.rig import Rig
from tests.minikube.stack import Stack, forget

COMPOSE = """\
services:
  web:
    build: .
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


def starts(stack: Stack) -> int:
    """How often its container has been started, by the file in its claim."""
    words = ("exec", "-n", stack.folder.name, "deployment/web", "--", "cat", "/data/starts")
    return len(stack.rig.kubectl(*words).splitlines())


@pytest.fixture
def small(rig: Rig, engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    """The stack, called as its folder, which no other test has; afterwards nothing of it is left."""
    load_servers("busybox:1")
    folder = tmp_path / f"small{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    stack = Stack(rig, folder)
    stack.write(COMPOSE)
    (folder / "Dockerfile").write_text(DOCKERFILE, "utf-8")
    # Whatever an earlier test has moved to the node is another one.
    change(stack, folder.name)
    yield stack
    forget(stack, folder.name)
    subprocess.run(["docker", "rmi", "-f", f"{folder.name}-web"], capture_output=True, check=False)
