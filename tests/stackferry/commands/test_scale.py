"""`up -d` and similar commands on the real engine: deployments that fail, and numbers of nodes.

docker/cli#6752: `stack deploy --detach=false` of docker 29 exits with 0 after a rollback.
"""

import pytest

from tests.engine.fixtures import engine, stack
from tests.engine.stack import Stack
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = f"""
services:
  web:
    image: {NAME}
    entrypoint: [actor]
    stop_grace_period: 0s
    deploy:
      update_config: {{failure_action: rollback, monitor: 2s}}
      rollback_config: {{monitor: 1s}}
  other: {{image: {NAME}, entrypoint: [actor], stop_grace_period: 0s}}
"""

BROKEN = COMPOSE.replace("entrypoint: [actor]", 'entrypoint: [sh, -c, "echo broken; sleep 0.5; exit 3"]', 1)

DEPLOYMENTS = [("up", "-d"), ("stack", "deploy", "-d=false", "-c", "compose.yaml")]


def called(stack: Stack, words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words, stack.name) if words[0] == "stack" else words


@pytest.mark.slow
@pytest.mark.parametrize("words", DEPLOYMENTS)
def test_a_deployment_that_was_rolled_back_fails(stack: Stack, words: tuple[str, ...]) -> None:
    stack.ok("up", "-d")
    stack.write(BROKEN)

    done = stack.run(*called(stack, words))

    assert done.returncode == 1, done.stderr
    assert f"{stack.name}_web: rolled back: {stack.name}_web.1: task: non-zero exit (3)" in done.stderr
    assert (
        f"hint: the service is as it was before; see the logs of the new tasks with `stackferry -p"
        f" {stack.name} logs web`" in done.stderr
    )
    assert f"{stack.name}_other:" not in done.stderr
    # The hint is true, and it runs as it did before.
    assert "broken" in stack.ok("logs", "web")
    assert len(stack.running()) == 2
    # What is there is what is wanted of it: nobody is told of that again.
    stack.write(COMPOSE)
    stack.ok(*called(stack, words))


@pytest.mark.slow
@pytest.mark.parametrize("words", DEPLOYMENTS)
def test_a_deployment_that_paused_fails(stack: Stack, words: tuple[str, ...]) -> None:
    stack.ok("up", "-d")
    stack.write(BROKEN.replace("failure_action: rollback", "failure_action: pause"))

    done = stack.run(*called(stack, words))

    assert done.returncode == 1, done.stderr
    assert f"{stack.name}_web: update paused due to failure or early termination of task" in done.stderr
    assert f"({stack.name}_web.1: task: non-zero exit (3))" in done.stderr
    assert "fix the problem, then deploy again" in done.stderr


@pytest.mark.slow
def test_service_update_and_rollback(stack: Stack) -> None:
    stack.ok("up", "-d")
    web = f"{stack.name}_web"

    broken = stack.run("service", "update", "--entrypoint", "sh -c 'sleep 0.5; exit 3'", web)
    assert broken.returncode == 1, broken.stderr
    assert f"{web}: rolled back: {web}.1: task: non-zero exit (3)" in broken.stderr

    stack.ok("service", "update", "--env-add", "A=1", web)
    stack.ok("service", "rollback", web)
    # The rollback was of another command: this one has nothing to do with it.
    stack.ok("scale", "web=2")


@pytest.mark.slow
def test_to_scale_down_a_dead_slot_is_no_failure(stack: Stack) -> None:
    stack.write(
        COMPOSE.replace("    deploy:\n", "    deploy:\n      replicas: 2\n      restart_policy: {condition: none}\n", 1)
    )
    stack.ok("up", "-d")
    first = next(task for task in stack.tasks() if task.slot == 1 and task.template.restart.condition.value == "none")
    stack.engine.kill(first.container_id, "SIGKILL")
    stack.eventually(lambda: stack.cluster().tasks[first.id].ended)

    done = stack.run("scale", "web=1")

    assert (done.returncode, "has exited and is not restarted" in done.stderr) == (0, False), done.stderr
    (left,) = [task for task in stack.tasks() if task.service_id == first.service_id]
    assert left.slot == 2


@pytest.mark.slow
def test_nodes_by_number_move_no_task(stack: Stack) -> None:
    stack.write(COMPOSE.replace("    deploy:\n", "    deploy:\n      replicas: 4\n", 1))
    # `up` would replace tasks if another test had imported their image anew meanwhile.
    deploy = ("stack", "deploy", "-q", "--detach=false", "-c", "compose.yaml", stack.name)

    def nodes() -> dict[str, str]:
        listed = stack.ok("node", "ls", "--format", "{{.Hostname}} {{.ID}} {{.ManagerStatus}}").splitlines()
        return dict(line.split(" ", 1) for line in listed)

    stack.ok(*deploy)
    ((name, leader),) = nodes().items()
    there = {task.id: task.container_id for task in stack.tasks()}

    stack.ok(*deploy, "--nodes", "3")

    assert {task.id: task.container_id for task in stack.tasks()} == there
    three = nodes()
    assert (three.keys(), three[name]) == ({name, "node-2", "node-3"}, leader)
    stack.ok("scale", "web=10")
    tasks = {task.id: task for task in stack.tasks()}
    going = three["node-3"].split()[0]
    assert going in {task.node_id for task in tasks.values()}
    text = (stack.folder / "compose.yaml").read_text(encoding="utf-8")
    stack.write(text.replace("replicas: 4", "replicas: 10"))

    stack.ok(*deploy, "--nodes", "2")

    after = {task.id: task for task in stack.tasks()}
    assert {task.id for task in tasks.values() if task.node_id != going} <= set(after)
    assert (len(after), going in {task.node_id for task in after.values()}) == (11, False)
    stack.eventually(lambda: nodes() == {name: three[name], "node-2": three["node-2"]})
