"""`stack deploy` and `stack rm` on the real engine, in docker's words; and two state directories for one stack."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import STACK
from stackferry.emulator.manager.lock import manager_pid
from tests.engine.fixtures import engine, stack
from tests.engine.stack import Stack
from tests.stackferry.conftest import Outcome
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = f"""
services:
  web:
    image: {NAME}
    entrypoint: [sh, -c, "echo hello; exec actor"]
    stop_grace_period: 0s
    ports: ["80"]
    labels: {{tier: front}}
    logging: {{driver: json-file, options: {{labels: tier}}}}
    configs: [greeting]
    deploy: {{replicas: 2}}
configs: {{greeting: {{content: hello}}}}
"""


def test_it_takes_no_file_that_it_was_not_told(here: Path, stackferry: Callable[..., Outcome]) -> None:
    """In docker's words and with its exit code, whatever lies in the folder or above it."""
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    done = stackferry("stack", "deploy", "shop")

    assert done.code == 1
    assert done.err.startswith("error: Specify a Compose file (with --compose-file)\n")
    assert "stack deploy -c compose.yaml shop" in done.err


@pytest.mark.real
def test_docker_says_the_same() -> None:
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("no docker here")
    # An address at which nobody is: it never comes to that.
    done = subprocess.run(
        [docker, "-H", "tcp://127.0.0.1:1", "stack", "deploy", "shop"], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert "pecify a Compose file (with --compose-file)" in done.stderr


def test_from_deploy_to_rm(stack: Stack) -> None:
    name = stack.name
    deploy = ("stack", "deploy", "-c", "compose.yaml", name)

    first = stack.run(*deploy)
    assert (first.returncode, first.stdout) == (
        0,
        f"Creating network {name}_default\nCreating config {name}_greeting\nCreating service {name}_web\n",
    ), first.stderr
    stack.eventually(lambda: len(stack.running()) == 2)
    assert stack.ok("stack", "services", name, "--format", "{{.Name}} {{.Replicas}}") == f"{name}_web 2/2\n"

    stack.write(COMPOSE.replace("replicas: 2", "replicas: 3"))
    service_id = stack.ok("service", "inspect", f"{name}_web", "--format", "{{.ID}}").strip()
    assert stack.ok(*deploy, "--no-detach", "-q") == f"Updating service {name}_web (id: {service_id})\n"
    assert len(stack.running()) == 3

    version = stack.engine.version().version
    assert stack.ok("node", "ls", "--format", "{{.EngineVersion}}") == f"{version}\n"
    assert stack.ok("config", "ls", "--format", "{{.Name}}") == f"{name}_greeting\n"
    lines = stack.ok("service", "logs", "--details", f"{name}_web").splitlines()
    assert [line.partition(" | ")[2] for line in lines] == ["tier=front hello"] * 3

    gone = stack.run("stack", "rm", name)
    assert (gone.returncode, gone.stderr) == (0, "")
    assert gone.stdout.splitlines() == [
        f"Removing service {name}_web",
        f"Removing config {name}_greeting",
        f"Removing network {name}_default",
    ]
    assert (stack.containers(), stack.engine.networks({STACK: name})) == ([], [])
    again = stack.run("stack", "rm", name)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", f"Nothing found in stack: {name}\n")


def test_what_a_file_has_no_more_goes_only_with_prune(stack: Stack) -> None:
    deploy = ("stack", "deploy", "-c", "compose.yaml", "--no-detach", "-q")
    stack.ok(*deploy, stack.name)
    stack.write(COMPOSE.replace("  web:", "  api:"))

    assert stack.ok(*deploy, stack.name) == f"Creating service {stack.name}_api\n"
    removing, updating = stack.ok(*deploy, "--prune", stack.name).splitlines()
    assert removing == f"Removing service {stack.name}_web"
    assert updating.startswith(f"Updating service {stack.name}_api (id: ")
    stack.eventually(lambda: len(stack.running()) == 2)


def test_up_prints_the_url_of_a_port_that_it_chose(stack: Stack) -> None:
    done = stack.run("up", "-d", "-q")

    assert done.returncode == 0, done.stderr
    (service,) = json.loads(stack.ok("service", "inspect", f"{stack.name}_web"))
    (port,) = service["Endpoint"]["Ports"]
    assert done.stderr.splitlines()[-1] == f"{stack.name}_web: http://127.0.0.1:{port['PublishedPort']}"
    (address,) = service["Endpoint"]["VirtualIPs"]
    network = stack.engine.inspect_network(f"{stack.name}_default")
    assert network is not None
    assert address["NetworkID"] == network.id
    assert address["Addr"].endswith("/" + network.subnets[0].partition("/")[2])


def test_two_state_directories_do_not_fight_for_one_stack(stack: Stack, tmp_path: Path) -> None:
    """While one manager lives, nothing is done or written with the other directory; then it may take over."""
    stack.ok("up", "-d", "-q")
    other = Stack(stack.engine, tmp_path, COMPOSE)
    other.name = stack.name
    other.environment = {**stack.environment, "XDG_STATE_HOME": str(tmp_path / "other")}
    pid = manager_pid(stack.home)
    before = {info.id for info in stack.containers()}

    # Where nothing was ever written there is nothing to manage.
    assert other.run("manager", "run", stack.name).returncode == 1
    for words in (("up", "-d", "-q"), ("up", "-q"), ("down",)):
        refused = other.run(*words)
        assert refused.returncode == 1, words
        assert f"another manager of {stack.name} is already running on this engine (process {pid})" in refused.stderr, (
            words
        )
    assert not other.home.database.exists()
    assert {info.id for info in stack.containers()} == before

    stack.kill_manager()
    other.ok("up", "-d", "-q")
    assert {info.id for info in stack.running()} <= before
    for words in (("manager", "run", stack.name), ("scale", "web=1"), ("manager", "start", stack.name)):
        refused = stack.run(*words)
        assert refused.returncode == 1, words
        assert f"(process {manager_pid(other.home)})" in refused.stderr, words
    other.ok("down")
    assert stack.containers() == []
