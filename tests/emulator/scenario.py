"""Scenario files: a script of commands, `----`, and the trace that follows from it (after etcd's raft).

    service web replicas=3 delay=1      create a service, or change the named settings of one
    scale web 5 · rollback web · remove web · force web
    crash web.2 [code]                  the newest task of a slot ends
    node n2 availability=drain label.disk=ssd ready=no cpus=1
    service web pre_start=once:2,each:1!3    init containers: two seconds; one second, failing with 3
    service web schedule=*/5_*_*_*_* concurrency=queue    a job that runs every five minutes
    service web after=db:service_healthy follows=db    restarted when an update has replaced db
    runs web                            what became of its firings
    run 10                              ten seconds pass; every change is a line of the trace
    ps web · status web                 tasks as they are; the update status

Tasks are called `web.2#1`, `web.2#2` … in the order in which a slot got them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from stackferry.emulator.cluster.container import PreStartSpec
from stackferry.emulator.cluster.firing import stamp
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.spec import (
    Mode,
    RestartCondition,
    RestartPolicy,
    ScheduleSpec,
    ServiceSpec,
    TaskTemplate,
    UpdateConfig,
)
from stackferry.emulator.control.change import create_service, force, remove_service, rollback_service, update_service
from tests.emulator.behaviour import Behaviour
from tests.emulator.world import World

_RESTART = {one.name for one in fields(RestartPolicy)}
_BEHAVIOUR = {one.name for one in fields(Behaviour)}


class Scenario:
    """One script at work."""

    def __init__(self) -> None:
        self.world = World()
        self.lines: list[str] = []
        self.shown: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.settings: dict[str, dict[str, str]] = {}

    def play(self, script: str) -> str:
        for line in script.splitlines():
            words = line.partition("#")[0].split() if line.startswith("#") else line.split(" #")[0].split()
            if words:
                self.lines.append(f"> {' '.join(words)}")
                getattr(self, f"do_{words[0]}")(*words[1:])
        return "\n".join(self.lines) + "\n"

    # The commands.

    def do_service(self, name: str, *settings: str) -> None:
        known = self.settings.setdefault(name, {})
        known |= dict(one.split("=", 1) for one in settings)
        spec = spec_of(name, known)
        cluster = self.world.cluster
        if any(one.spec.name == name and not one.removed for one in cluster.services.values()):
            self.world.cluster = update_service(cluster, self.id_of(name), spec, self.world.now)
        else:
            self.world.cluster = create_service(cluster, spec, self.world.now, self.world.chance)

    def do_scale(self, name: str, count: str) -> None:
        self.do_service(name, f"replicas={count}")

    def do_rollback(self, name: str) -> None:
        self.world.cluster = rollback_service(self.world.cluster, self.id_of(name), self.world.now)

    def do_force(self, name: str) -> None:
        self.world.cluster = force(self.world.cluster, self.id_of(name), self.world.now)

    def do_remove(self, name: str) -> None:
        self.world.cluster = remove_service(self.world.cluster, self.id_of(name))

    def do_crash(self, slot: str, code: str = "137") -> None:
        tasks = [task for task in self.world.cluster.tasks.values() if self.slot(self.world.cluster, task) == slot]
        self.world.crash(tasks[-1], int(code))

    def do_node(self, name: str, *settings: str) -> None:
        changes: dict[str, Any] = {}
        for key, value in (one.split("=", 1) for one in settings):
            if key.startswith("label."):
                changes.setdefault("labels", {})[key.removeprefix("label.")] = value
            else:
                changes |= {
                    "availability": {"availability": value},
                    "ready": {"ready": value == "yes"},
                    "role": {"role": value},
                    "cpus": {"nano_cpus": int(float(value) * 1e9) if key == "cpus" else 0},
                }[key]
        self.world.change_node(name, **changes)

    def do_run(self, seconds: str) -> None:
        for cluster in self.world.run_until(self.world.now + float(seconds)):
            self.show(cluster)

    def do_ps(self, name: str) -> None:
        for task in self.world.cluster.tasks_of(self.id_of(name)):
            error = f" {task.error!r}" if task.error else ""
            self.lines.append(f"  {self.name(self.world.cluster, task)} {task.desired}/{task.state}{error}")

    def do_runs(self, name: str) -> None:
        service = self.world.cluster.services[self.id_of(name)]
        for run in service.past:
            why = f" ({run.error})" if run.error else ""
            count = f" x{run.count}" if run.count > 1 else ""
            self.lines.append(f"  {stamp(run.moment)} {run.result}{count}{why}")
        for waiting in service.firings.queue:
            self.lines.append(f"  {stamp(waiting.moment)} waits")

    def do_status(self, name: str) -> None:
        update = self.world.cluster.services[self.id_of(name)].update
        self.lines.append(f"  {update.state}: {self.named(update.message)}" if update else "  no update")

    # The trace.

    def show(self, cluster: Cluster) -> None:
        """Lines for what differs from what was shown before."""
        now = dict(self.texts(cluster))
        for key, text in now.items():
            if self.shown.get(key) != text:
                self.lines.append(f"  {self.world.now:6.2f} {text}")
        for key in (key for key in self.shown if key not in now):
            self.lines.append(f"  {self.world.now:6.2f} {self.names.get(key, key)} gone")
        self.shown = now

    def texts(self, cluster: Cluster) -> Iterator[tuple[str, str]]:
        for task in cluster.tasks.values():
            error = f" {task.error!r}" if task.error else ""
            where = f" on {task.node_id}" if len(cluster.nodes) > 1 and task.node_id else ""
            step = f" pre_start[{task.step}]" if task.step_container else ""
            yield task.id, f"{self.name(cluster, task)} {task.desired}/{task.state}{step}{where}{error}"
        for service in cluster.services.values():
            if service.update is not None:
                yield service.id, f"{service.spec.name}: {service.update.state}"
                self.names[service.id] = service.spec.name

    def slot(self, cluster: Cluster, task: Task) -> str:
        return f"{cluster.services[task.service_id].spec.name}.{task.slot or task.node_id or 0}"

    def name(self, cluster: Cluster, task: Task) -> str:
        if task.id not in self.names:
            slot = self.slot(cluster, task)
            earlier = sum(name.startswith(f"{slot}#") for name in self.names.values())
            self.names[task.id] = f"{slot}#{earlier + 1}"
        return self.names[task.id]

    def named(self, text: str) -> str:
        for task_id, name in self.names.items():
            text = text.replace(task_id, name)
        return text

    def id_of(self, name: str) -> str:
        return next(one.id for one in self.world.cluster.services.values() if one.spec.name == name)


def spec_of(name: str, settings: Mapping[str, str]) -> ServiceSpec:  # noqa: C901 - one branch a setting
    """The spec that the settings of a script describe."""
    restart = RestartPolicy()
    behaviour = Behaviour()
    update, rollback = UpdateConfig(), UpdateConfig()
    task = TaskTemplate(has_healthcheck="health" in settings, stop_grace=float(settings.get("grace", 10)))
    spec = ServiceSpec(name)
    for key, value in settings.items():
        scope, _, rest = key.partition(".")
        if key == "mode":
            spec = replace(spec, mode=Mode(value.replace("-", " ")))
        elif key in ("replicas", "max_concurrent"):
            spec = replace(spec, **{key: int(value)})
        elif key == "condition":
            restart = replace(restart, condition=RestartCondition(value))
        elif key in _RESTART:
            restart = replace(restart, **{key: type(getattr(restart, key))(value)})
        elif key == "health":
            steps = (step.split(":") for step in value.split(","))
            behaviour = replace(behaviour, health=tuple((float(at), status) for at, status in steps))
        elif key in ("schedule", "concurrency", "missed_fires"):
            found = spec.schedules or (ScheduleSpec(""),)
            changes = {"cron" if key == "schedule" else key: value.replace("_", " ")}
            spec = replace(spec, mode=Mode.REPLICATED_JOB, schedules=(replace(found[0], **changes),))
        elif key == "pre_start":
            behaviour = replace(behaviour, pre_start=tuple(map(_step, value.split(","))))
        elif key in _BEHAVIOUR:
            behaviour = replace(behaviour, **{key: _as(key, value)})
        elif scope == "update":
            update = replace(update, **{rest: type(getattr(update, rest))(value)})
        elif scope == "rollback":
            rollback = replace(rollback, **{rest: type(getattr(rollback, rest))(value)})
        elif key == "constraint":
            task = replace(task, placement=replace(task.placement, constraints=tuple(value.split(","))))
        elif key == "spread":
            task = replace(task, placement=replace(task.placement, spread=tuple(value.split(","))))
        elif key == "max_replicas":
            task = replace(task, placement=replace(task.placement, max_replicas=int(value)))
        elif key == "reserve":
            task = replace(task, reservations=replace(task.reservations, nano_cpus=int(float(value) * 1e9)))
        elif key == "bug_compatible":
            spec = replace(spec, bug_compatible=value == "yes")
        elif key == "after":
            spec = replace(spec, depends_on=dict(one.split(":") for one in value.split(",")))
        elif key == "follows":
            spec = replace(spec, follows=tuple(value.split(",")))
        elif key != "grace":
            raise KeyError(key)
    template = replace(task, restart=restart, container=behaviour)  # type: ignore[arg-type]
    return replace(spec, task=template, update=update, rollback=rollback)


def _step(text: str) -> PreStartSpec:
    """`once:2` or `each:1!3`: how often, seconds, exit code."""
    kind, _, rest = text.partition(":")
    seconds, _, code = rest.partition("!")
    container = Behaviour(lives=float(seconds), exit=int(code or 0))
    return PreStartSpec(container, per_replica=kind == "each")  # type: ignore[arg-type]


def _as(key: str, value: str) -> object:
    if key in ("version", "refused"):
        return value.replace("_", " ")
    if value == "never":
        return None
    return int(value) if key in ("exit", "term_exit") else float(value)
