"""`run` on the real engine: one container of a service, in the stack's network, removed when it has ended."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import GATE, TASK_ID
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.fixtures import engine
from tests.engine.stack import Stack
from tests.swarm.image import NAME, archive

__all__ = ["engine"]

COMPOSE = f"""
services:
  web:
    image: {NAME}
    entrypoint: [/bin/busybox, httpd, -f, -p, "80", -h, /etc]
    stop_grace_period: 0s
    networks: [front, back]
    deploy: {{replicas: 2}}
  client:
    image: {NAME}
    entrypoint: /bin/actor
    stop_grace_period: 0s
    environment: {{LEVEL: info, COLOUR: red}}
    networks: [front]
    secrets: [word]
networks: {{front: {{}}, back: {{}}}}
secrets: {{word: {{environment: WORD}}}}
"""

Make = Callable[[str], Stack]


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    """A stack that is ended after the test."""
    engine.import_image(NAME, archive())
    it = Stack(engine, tmp_path, COMPOSE.replace("entrypoint: /bin/actor", "entrypoint: [/bin/busybox]"))
    it.environment["WORD"] = "unspeakable"
    yield it
    it.close()


@pytest.fixture
def up(stack: Stack) -> Stack:
    """The same as it runs."""
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here (`make engine`, as root, installs them)")
    stack.write(COMPOSE)
    stack.ok("up", "-d", "-q")
    stack.write(COMPOSE.replace("entrypoint: /bin/actor", "entrypoint: [/bin/busybox]"))
    return stack


def vips(stack: Stack, service: str) -> dict[str, str]:
    """The virtual addresses of a service by its networks."""
    (found,) = (one for one in stack.cluster().services.values() if one.spec.name == f"{stack.name}_{service}")
    return {name.removeprefix(f"{stack.name}_"): at for name, at in found.vips.items() if "+" not in name}


def test_without_a_stack_that_runs(stack: Stack) -> None:
    done = stack.run(
        "run", "-e", "LEVEL=debug", "-w", "/tmp", "client", "sh", "-c",
        "env; pwd; cat /run/secrets/word; echo bad >&2; exit 7",
    )  # fmt: skip

    assert done.returncode == 7, done.stderr
    lines = done.stdout.splitlines()
    assert sorted(line for line in lines if line.startswith(("LEVEL=", "COLOUR="))) == ["COLOUR=red", "LEVEL=debug"]
    assert lines[-2:] == ["/tmp", "unspeakable"]
    assert "bad\n" in done.stderr
    assert not done.stdout.endswith("\n")
    assert stack.containers() == []
    assert list(stack.home.directory.glob("run-*")) == []


def test_services_are_reached_by_their_names(up: Stack) -> None:
    """As from a task: the name stands for the virtual address, and behind that the tasks answer."""
    address = vips(up, "web")["front"]

    out = up.ok("run", "client", "sh", "-c", "busybox nslookup web; busybox wget -q -O - http://web/passwd")

    assert f"Address: {address}" in out
    assert out.endswith("root:x:0:0:root:/:/bin/sh\n")


def test_one_of_several_networks_has_the_resolver_of_its_service(up: Stack) -> None:
    write = COMPOSE.replace("[/bin/busybox, httpd", "[/bin/busybox, sh, -c, 'exec busybox $0 $@', nslookup")
    up.write(write.replace(', -f, -p, "80", -h, /etc]', "]"))

    out = up.ok("run", "web", "tasks.client")

    (task,) = (one for one in up.tasks() if up.cluster().task_name(one).startswith(f"{up.name}_client."))
    assert f"Address: {task.addresses[f'{up.name}_front']}" in out


def test_it_has_no_name_and_its_manager_leaves_it_alone(up: Stack) -> None:
    """Nobody is sent to it, a new manager does not take it for a task without a record, and `down` removes it."""
    ready = up.start("run", "client", "sh", "-c", "echo here; sleep 300")
    assert ready.stdout is not None
    assert ready.stdout.readline() == "here\n"
    (info,) = (one for one in up.containers() if TASK_ID not in one.labels and GATE not in one.labels)
    (address,) = info.addresses.values()

    assert address not in up.ok("exec", "-T", "client", "busybox", "nslookup", "tasks.client")

    up.kill_manager()
    up.ok("manager", "start", up.name)
    up.eventually(lambda: manager_pid(up.home) is not None)
    up.ok("scale", "web=1")
    assert info.name in {one.name for one in up.containers()}

    up.ok("down")
    ready.communicate(timeout=20)
    assert up.containers() == []


def test_as_compose_users_type_it(stack: Stack) -> None:
    """Flags that say what is always so, another entrypoint without the service's command, a variable of ours."""
    stack.environment["OURS"] = "here"
    words = ("run", "--rm", "-T", "-i", "--no-deps", "-e", "OURS", "-e", "NOBODYS", "-l", "who=me")

    out = stack.ok(*words, "--entrypoint", "busybox sh -c", "web", "env")

    assert "OURS=here" in out.splitlines()
    assert "NOBODYS" not in out


def test_standard_input_is_its_own(stack: Stack) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "stackferry", "run", "--rm", "client", "cat"],
        cwd=stack.folder, env=stack.environment, input="hello\n", capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr


DEPENDENT = f"""
version: "3"
x-common: &common {{image: {NAME}, network_mode: none, stop_grace_period: 0s, restart: "no"}}
services:
  mig: {{<<: *common, entrypoint: [/bin/busybox, sleep, "1"]}}
  app: {{<<: *common, entrypoint: [/bin/busybox], depends_on: {{mig: {{condition: service_completed_successfully}}}}}}
  bad: {{<<: *common, entrypoint: [/bin/busybox, "false"]}}
  # To start is not enough: whoever looks at the right moment sees that one run.
  user: {{<<: *common, entrypoint: [/bin/busybox], depends_on: {{bad: {{condition: service_completed_successfully}}}}}}
"""


def test_what_it_depends_on_is_brought_up_first(stack: Stack) -> None:
    stack.write(DEPENDENT)

    assert stack.ok("run", "--no-deps", "user", "echo", "alone") == "alone\n"
    assert stack.containers() == []

    assert stack.ok("run", "app", "echo", "here") == "here\n"
    (task,) = stack.cluster().tasks.values()
    assert task.state is TaskState.COMPLETE

    done = stack.run("run", "user", "echo", "here")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{stack.name}_bad.1 has exited and is not restarted" in done.stderr
    assert "run --no-deps" in done.stderr
    assert done.stderr.count("warning") == 1


def test_in_the_background(stack: Stack) -> None:
    """With a name, a mount and a port of its own; it runs until `down`, or is gone with its end."""
    (stack.folder / "note").write_text("hello\n")
    more = ("-v", f"{stack.folder}/note:/note:ro", "-p", "127.0.0.1::80", "--name", f"{stack.name}-it")

    container = stack.ok(
        "run", "-d", *more, "client", "sh", "-c", "cat /note /run/secrets/word; echo; sleep 300"
    ).strip()

    info = stack.engine.inspect(container)
    assert info is not None
    assert (info.name, info.status) == (f"{stack.name}-it", "running")
    assert info.chosen_ports["80/tcp"] > 0
    stack.eventually(lambda: len(list(stack.engine.logs(container))) == 2)
    assert [line for _, line in stack.engine.logs(container)] == [b"hello", b"unspeakable"]

    short = stack.ok("run", "-d", "--rm", "client", "true").strip()
    stack.eventually(lambda: stack.engine.inspect(short) is None)
    stack.ok("down")
    assert stack.containers() == []


def test_the_names_of_its_service(stack: Stack) -> None:
    """With --use-aliases, while no task has them: all that is meant for those would go to one container."""
    name = f"{stack.name}-alias"
    stack.ok("run", "-d", "--rm", "--use-aliases", "--name", name, "web")

    out = stack.ok("run", "-q", "--cap-drop", "CHOWN", "client", "sh", "-c",
                   "busybox wget -q -O - http://web/passwd; grep CapEff /proc/self/status")  # fmt: skip

    assert "root" in out
    assert int(out.split()[-1], 16) & 1 == 0
    stack.engine.remove(name)


def test_not_the_names_of_tasks(up: Stack) -> None:
    done = up.run("run", "--use-aliases", "web")

    assert done.returncode == 1
    assert f"would redirect the network names of {up.name}_web away from its tasks" in done.stderr
