"""Runs a one-off container, which belongs to no service: `run` creates, shows and removes it.

The container is not a task. Its labels name the stack, so that `down` finds it if this process dies, but no task, so
that the manager leaves it alone. It resolves the names of the stack's services as a task does. It does not have the
names of its own service, since it would then receive part of the service's traffic.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from stackferry.containers.one_off_request import OneOffRequest
from stackferry.containers.terminal import Detached, converse
from stackferry.deploy.stored import record
from stackferry.emulator.agent.create_request import connections, creation
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.secret_files import SecretFiles, runtime_root
from stackferry.emulator.cluster.ids import new_id
from stackferry.emulator.cluster.labels import TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import EndpointSpec, ServiceSpec
from stackferry.emulator.control.nodes import nodes_of
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.store.directories import home
from stackferry.emulator.store.store import Store
from stackferry.emulator.webnet.leg import Leg
from stackferry.emulator.webnet.one_off import visit
from stackferry.grammar.diagnostics import StackferryError
from stackferry.images.build import build_images
from stackferry.images.pull import have_images
from stackferry.lookup.stacks import look
from stackferry.session import Session


class Outcome(NamedTuple):
    """The exit code, and the container's id if it keeps running in the background."""

    code: int
    running: str = ""


def run_once(
    session: Session, engine: Engine, stack: DesiredStack, spec: ServiceSpec, request: OneOffRequest
) -> Outcome:
    """Run the container to its end, or in the background. Its own ports are published on the host."""
    images = request.images
    builds = tuple(one for one in stack.builds if stack.names[one.service] == spec.name)
    deployed = _deployed(session, stack.name)
    if request.aliases:
        _refuse_tasks(deployed, spec.name)
    build_images(session, engine, builds, always=images.build == "always", quiet=images.quiet_build)
    alone = replace(stack, services=(spec,), builds=builds)
    have_images(session, engine, alone, images.pull or "", quiet=images.quiet_pull)
    chance = Random()  # noqa: S311 - ids, not secrets
    node = next(iter(nodes_of(stack.name, (), engine.version()).values()))
    service = Service(new_id(chance), replace(spec, endpoint=EndpointSpec()))
    task = Task(
        new_id(chance), service.id, 0, spec.task, node_id=node.id, created_at=time.time(), endpoint=spec.endpoint
    )
    cluster = Cluster({node.id: node}, {service.id: service}, {task.id: task})
    store = Store(home(session.environment, stack.name).directory / f"run-{uuid.uuid4().hex}.db")
    try:
        store.put_document("stack", record(stack, None))
        store.put_payloads(stack.stored_contents())
        provision = Provision(engine, store, SecretFiles(runtime_root(session.environment) / stack.name), stack.name)
        leg = visit(engine, stack.name, deployed, provision.record, task.template)
        if request.aliases:
            leg = replace(leg, networks=frozenset())
        return _run(session, engine, provision, cluster, task, leg, request)
    finally:
        store.close()
        for ending in ("", "-wal", "-shm"):
            store.path.with_name(store.path.name + ending).unlink(missing_ok=True)


def _deployed(session: Session, stack: str) -> Cluster:
    """The cluster of the stack; empty if the stack was not deployed."""
    found = look(session, stack)
    return Cluster() if found is None else found.cluster


def _refuse_tasks(deployed: Cluster, name: str) -> None:
    """Refuse network aliases while the service has tasks: the engine's DNS would send all its traffic to this one."""
    found = next((one for one in deployed.services.values() if one.spec.name == name), None)
    if found is not None and any(task.wanted for task in deployed.tasks_of(found.id)):
        raise StackferryError(
            f"--use-aliases would redirect the network names of {name} away from its tasks",
            (
                f"stop them with `stackferry scale {name}=0`, or omit --use-aliases: the container"
                " reaches the stack anyway"
            ),
        )


def _run(
    session: Session,
    engine: Engine,
    provision: Provision,
    cluster: Cluster,
    task: Task,
    leg: Leg,
    request: OneOffRequest,
) -> Outcome:
    container, attachment = task.template.container, request.attachment
    assert container is not None
    paths = provision.everything(cluster, task, container)
    made = creation(cluster, task, stack=provision.stack, path_of=lambda file: paths[file.target])
    labels = made.body["Labels"]
    assert isinstance(labels, dict)
    kept = {key: value for key, value in labels.items() if key != TASK_ID}
    # When our standard input ends, so does the container's: `echo hello | stackferry run web cat`.
    attached = {} if attachment is None else {"AttachStdin": True, "StdinOnce": True}
    body = leg.body({**made.body, "Labels": kept, **attached})
    if request.removes_itself and (attachment is None or attachment.keys):
        body = {**body, "HostConfig": {**_parts(body["HostConfig"]), "AutoRemove": True}}
    container_id = engine.create(request.name or made.name, body, made.platform)
    stays = False
    try:
        for network, endpoint in connections(cluster, task):
            engine.connect(network, container_id, leg.endpoint(network, endpoint))
        if attachment is None:
            engine.start(container_id)
            stays = True
            return Outcome(0, container_id)
        # Attach before the start: a log that is read later may lack the last lines of a process that ends at once.
        process = engine.attach(container_id, keys=attachment.keys)
        try:
            engine.start(container_id)
            return Outcome(converse(process, tty=attachment.tty, detach=attachment.typed))
        except Detached:
            stays = True
            name = request.name or made.name
            session.note(
                f"left running: {name}; reattach with `docker attach {name}`, remove it with `stackferry down`"
            )
            return Outcome(0)
        finally:
            process.close()
    finally:
        if not stays:
            engine.remove(container_id)
            provision.forget(task.id)


def _parts(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value
