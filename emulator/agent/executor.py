"""Carries out operations on the engine and returns observations. `lifecycle.py` has decided what to do.

An operation may be cut off at any call and repeated by the next manager: an existing container is the intended one
(its name holds the task's id), and starting a running or stopping an ended container is no error.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import field, replace

from stackferry.emulator.agent.create_request import Creation, connections, creation
from stackferry.emulator.agent.endings import ended, step_ended
from stackferry.emulator.agent.pre_start import as_task, name, request
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.reconnect import connect, connected_again, words
from stackferry.emulator.agent.survey import legs
from stackferry.emulator.agent.turns import Turns
from stackferry.emulator.cluster.container import ContainerSpec, HookSpec
from stackferry.emulator.cluster.labels import RESOLVER, STEP_OF, TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.observation import (
    Died,
    Observation,
    Prepared,
    Refused,
    Started,
    StepStarted,
    Vanished,
    step_removed,
)
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineAwayError, EngineError
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

Drained = Callable[[Operation], None]
"""Blocks until a task that has left the rotation may get its stop signal."""

LegOf = Callable[[Task], Leg | None]
"""How a task is attached to the load-balanced network; None: it is in none."""


@dataclass(slots=True)
class Executor:
    """What operations need: the engine, and what must exist before a container (`provision.py`).

    `outlook` tells how a task will be attached as things stand, without waiting; None: not known yet. `leg_now` tells
    which of its networks are balanced. `seen` is called with a task's container after its start, `signalled` with a
    task that gets its stop signal now, if the whole stack ends.
    """

    engine: Engine
    provision: Provision
    drained: Drained
    leg: LegOf = lambda _: None
    outlook: LegOf = lambda _: None
    leg_now: LegOf = lambda _: None
    seen: Callable[[str, ContainerInfo], None] = lambda *_: None
    signalled: Callable[[str], None] = lambda _: None
    turns: Turns = field(default_factory=Turns)

    def __call__(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        """Carry out one operation. Errors of the engine become observations; bugs are raised.

        An engine that is away yields no observations: the operation is done when the engine is back.
        """
        try:
            return _VERBS[operation.verb](self, operation, cluster)
        except EngineAwayError:
            return ()

    def _prepare(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        task = cluster.tasks[operation.task_id]
        try:
            return (Prepared(task.id, self._made(cluster, task)),)
        except EngineAwayError:
            raise
        except StackferryError as error:
            return (Refused(task.id, words(error)),)

    def _made(self, cluster: Cluster, task: Task) -> str:
        """The id of the task's container, created with all that it needs; retries once if its image was removed."""
        try:
            return self._made_once(cluster, task)
        except EngineError as error:
            if error.status != 404 or not self.provision.lost_image(_container(task)):
                raise
        return self._made_once(cluster, task)

    def _made_once(self, cluster: Cluster, task: Task) -> str:
        paths = self.provision.everything(cluster, task, _container(task))
        made = creation(
            cluster,
            task,
            stack=self.provision.stack,
            path_of=lambda file: paths[file.target],
            container_of=lambda service: _peer(cluster, service),
        )
        outlook = self.outlook(task)
        if outlook is None:
            return self._create(cluster, task, made, self.leg(task))
        # Gates start while containers are created: no container starts before they work.
        container = self._create(cluster, task, made, outlook)
        try:
            leg = self.leg(task)
        except BaseException:
            self.engine.remove(container)
            raise
        if leg == outlook:
            return container
        self.engine.remove(container)
        return self._create(cluster, task, made, leg)

    def _create(self, cluster: Cluster, task: Task, made: Creation, leg: Leg | None, owner: str = TASK_ID) -> str:
        body = leg.body(made.body) if leg else made.body
        try:
            container_id = self.engine.create(made.name, body, made.platform)
        except EngineError as error:
            # It may exist nevertheless: a manager that died created it, or only the answer was lost.
            there = self.engine.inspect(made.name) if error.status in (0, 409, 500) else None
            if there is None or there.labels.get(owner) != task.id:
                raise
            if leg and there.labels.get(RESOLVER) != leg.mark:
                # It was created before its gates worked, and they have other addresses now.
                self.engine.remove(there.id)
                return self._create(cluster, task, made, leg, owner)
            container_id = there.id
        for network, endpoint in connections(cluster, task):
            connect(self.engine, network, container_id, leg.endpoint(network, endpoint) if leg else endpoint)
        return container_id

    def _pre_start(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        """Start an init container. Its end comes as an event, so that it may run as long as it likes."""
        task = cluster.tasks[operation.task_id]
        try:
            self._end_step(operation)
            there = self._step_begun(cluster, task, operation.step)
            container = there.id if there else self._step_made(cluster, task, operation.step)
            if there is None:
                self.engine.start(container)
                there = self.engine.inspect(container)
        except EngineAwayError:
            raise
        except StackferryError as error:
            return (Refused(task.id, f"pre_start[{operation.step}]: {words(error)}", started=True),)
        started = StepStarted(task.id, operation.step, container)
        if there is None:
            return (started, step_removed(task.id, operation.step))
        return (started, *step_ended(self.engine, task.id, operation.step, there))

    def _step_begun(self, cluster: Cluster, task: Task, step: int) -> ContainerInfo | None:
        """An init container that a manager started before it died. It has all that it needs; nothing may fail."""
        there = self.engine.inspect(name(cluster.task_name(task), step))
        return there if there is not None and there.started_at and there.labels.get(STEP_OF) == task.id else None

    def _step_made(self, cluster: Cluster, task: Task, step: int) -> str:
        """The id of an init container, created with all that it needs."""
        alone = as_task(task, step)
        paths = self.provision.everything(cluster, alone, _container(alone))
        made = request(
            cluster,
            task,
            step,
            stack=self.provision.stack,
            path_of=lambda file: paths[file.target],
            container_of=lambda service: _peer(cluster, service),
        )
        return self._create(cluster, alone, made, self.leg(alone), STEP_OF)

    def _end_step(self, operation: Operation) -> None:
        if operation.ended_step:
            self.engine.remove(operation.ended_step)

    def _start(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        task = cluster.tasks[operation.task_id]
        try:
            self._end_step(operation)
            self._take_name(cluster, task)
            # A network may be being replaced right now, or was removed since the container was created.
            self.provision.networks(_container(task))
            self.engine.start(task.container_id)
        except EngineAwayError:
            raise
        except StackferryError as error:
            there = self.engine.inspect(task.container_id)
            if there is None:
                return (Vanished(task.id),)
            if not there.running:
                return (*ended(task.id, there),) or (Refused(task.id, words(error), started=True),)
        info = self.engine.inspect(task.container_id)
        if info is None:
            return (Vanished(task.id),)
        seen: list[Observation] = [
            Started(task.id, info.id, info.health, info.addresses, info.addresses6, info.chosen_ports)
        ]
        self.seen(task.id, info)
        self._run_hooks(task.container_id, _container(task).post_start)
        return (*seen, *ended(task.id, info))

    def _connect_again(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        """Reconnect a running task to networks that somebody disconnected it from."""
        task = cluster.tasks[operation.task_id]
        found = connected_again(self.engine, self.provision, cluster, task, self.leg_now)
        info = self.engine.inspect(task.container_id)
        if info is None:
            return (Vanished(task.id),)
        if not info.running:
            return tuple(ended(task.id, info))
        now = legs(task, info)
        if not now.cut:
            self.seen(task.id, info)
            return (now,)
        # Somebody disconnected it again, or it cannot be connected.
        return (replace(now, error=found),) if found else ()

    def _take_name(self, cluster: Cluster, task: Task) -> None:
        """Move `container_name` from the container of the slot's previous task to this task's."""
        wanted = _container(task).container_name
        if not wanted:
            return
        holder = self.engine.inspect(wanted)
        if holder is not None and holder.id != task.container_id:
            last = cluster.tasks.get(holder.labels.get(TASK_ID, ""))
            if last is None or last.service_id != task.service_id or holder.running:
                raise StackferryError(f"the container name {wanted} is in use by {holder.id[:12]}", "")
            self.engine.rename(holder.id, cluster.task_name(last))
        self.engine.rename(task.container_id, wanted)

    def _run_hooks(self, container_id: str, hooks: Iterable[HookSpec]) -> None:
        for hook in hooks:
            self.engine.exec(container_id, hook.command, user=hook.user, workdir=hook.working_dir, env=hook.env)

    def _shut_down(self, operation: Operation, cluster: Cluster) -> tuple[Observation, ...]:
        self._end_step(operation)
        container, task = operation.container_id, cluster.tasks.get(operation.task_id)
        # If the whole stack ends, inspecting before and after each stop would be half of all calls.
        all_goes = operation.drain is None
        is_known = all_goes and task is not None and task.state == TaskState.RUNNING
        if not is_known:
            info = self.engine.inspect(container) if container else None
            if info is None:
                return (Vanished(operation.task_id),)
            if not info.running:
                # It was created but never started, or ended by itself.
                return (Died(operation.task_id, info.exit_code),)
        self.drained(operation)
        if task is not None and task.template.container is not None:
            self._run_hooks(task.container_id, task.template.container.pre_stop)
        try:
            # If the whole stack ends, limit concurrency; else each task's end counts more than the engine's cleanup.
            with self.turns if all_goes else nullcontext():
                if all_goes:
                    self.signalled(operation.task_id)
                self.engine.stop(container, operation.signal, operation.grace)
        except EngineError as error:
            if error.status not in (304, 404):
                raise
            is_known = is_known and error.status == 304
        if is_known:
            # It has ended; the engine's event tells its exit code.
            return (Died(operation.task_id, None),)
        info = self.engine.inspect(container)
        return (Vanished(operation.task_id),) if info is None else tuple(ended(operation.task_id, info))

    def _remove(self, operation: Operation, _: Cluster) -> tuple[Observation, ...]:
        self._end_step(operation)
        with self.turns:
            self.engine.remove(operation.container_id)
        self.provision.forget(operation.task_id)
        return ()


_VERBS: Mapping[Verb, Callable[[Executor, Operation, Cluster], tuple[Observation, ...]]] = {
    Verb.PREPARE: Executor._prepare,
    Verb.PRE_START: Executor._pre_start,
    Verb.START: Executor._start,
    Verb.CONNECT: Executor._connect_again,
    Verb.SHUTDOWN: Executor._shut_down,
    Verb.REMOVE: Executor._remove,
}


def _container(task: Task) -> ContainerSpec:
    if task.template.container is None:
        raise StackferryError(
            "the task has no container spec",
            "the task was adopted from its container's labels, so it can only be replaced",
        )
    return task.template.container


def _peer(cluster: Cluster, service: str) -> str:
    """A container of the service whose namespaces are shared."""
    for task in cluster.tasks.values():
        if cluster.services[task.service_id].spec.name == service and task.runnable and task.container_id:
            return task.container_id
    raise StackferryError(f"no container of {service} is running", "")
