"""Create requests for the engine: golden for every case, peers, templates, ports, failures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.agent.create_request import connections, creation, fingerprint
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.desired.stack import DesiredOptions, desired
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.desired.test_stack import CASES
from tests.emulator.stacks import case, made, spec_of, task_of


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_case(folder: Path, golden: Callable[[Path, str], None]) -> None:
    stack, files = case(folder.name)
    found = desired(
        stack.project, files, stored=lambda kind, name: b"stored", options=DesiredOptions(origin=stack.origin)
    )
    bodies = {}
    for spec in found.services:
        cluster, task = task_of(spec)
        made = creation(
            cluster,
            task,
            stack=found.name,
            path_of=lambda file: f"/run/files/{file.kind}/{file.key}",
            container_of=lambda name: f"id-of-{name}",
        )
        # The hash changes with every field that is added to the specs, and says nothing to a reader.
        made.body["Labels"]["io.stackferry.spec"] = "…"  # type: ignore[index]
        bodies[spec.name] = {**made._asdict(), "connections": connections(cluster, task)}

    golden(folder / "bodies.json", json.dumps(bodies, indent=2, ensure_ascii=False) + "\n")


def test_names_with_and_without_a_slot() -> None:
    stack = made("name: s\nservices:\n  a: {image: a}\n  g: {image: a, deploy: {mode: global}}\n")

    names = [creation(*task_of(spec_of(stack, key)), stack="s").name for key in ("a", "g")]

    assert names == ["s_a.2.taskid", "s_g.nodeid.taskid"]


def test_a_peer_that_does_not_run_is_refused() -> None:
    stack = made("name: s\nservices:\n  a: {image: a}\n  b: {image: b, network_mode: 'service:a'}\n")

    with pytest.raises(StackferryError, match="no container of s_a is running"):
        creation(*task_of(spec_of(stack, "b")), stack="s")


def test_a_template_that_fails_for_the_task_is_ours() -> None:
    volumes = "volumes: {vol: {driver_opts: {o: '{{.Nope}}'}}}\n"
    stack = made(f"name: s\nservices:\n  a:\n    image: a\n    volumes: ['vol:/v']\n{volumes}")

    with pytest.raises(StackferryError, match="no entry for key"):
        creation(*task_of(spec_of(stack, "a")), stack="s")


def test_the_fingerprint_is_of_the_template_alone() -> None:
    spec = spec_of(made("name: s\nservices:\n  a: {image: a}\n"), "a")
    same = spec_of(made("name: s\nservices:\n  a: {image: a, scale: 3}\n"), "a")
    other = spec_of(made("name: s\nservices:\n  a: {image: b}\n"), "a")

    assert fingerprint(spec.task) == fingerprint(same.task) != fingerprint(other.task)


def test_a_service_in_no_network_has_the_engines_own() -> None:
    """`service create` without --network."""
    spec = ServiceSpec("web", task=TaskTemplate(container=ContainerSpec("web")))

    made = creation(*task_of(spec), stack="services")

    assert made.body["HostConfig"]["NetworkMode"] == "bridge"  # type: ignore[index]
    assert "NetworkingConfig" not in made.body
