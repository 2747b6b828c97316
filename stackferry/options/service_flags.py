"""The flags of `service create` and `service update`, each with the part of the spec that it sets: two tables.

`FIELDS` have one value. `LISTS` hold several: `--env` of create is `--env-add` and `--env-rm` of update; how they
change a spec is in `edits/`.
"""

import inspect
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from stackferry.emulator.cluster.container import ContainerSpec, HealthSpec
from stackferry.emulator.cluster.spec import RestartCondition, ServiceSpec
from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.options.declaration import Option
from stackferry.options.edits.capabilities import with_capabilities
from stackferry.options.edits.edit import PayloadLookup
from stackferry.options.service_lists import LISTS
from stackferry.options.service_values import count, cpus, memory, ratio
from stackferry.options.times import seconds


def _nanoseconds(text: str) -> int:
    return round(seconds(text) * 1_000_000_000)


def _one_of(*words: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in words:
            raise ValueError(f"invalid value {text!r}: it must be one of {', '.join(words)}")
        return text

    return check


def _restart(text: str) -> RestartCondition:
    return RestartCondition(_one_of(*(one.value for one in RestartCondition))(text))


class Field(NamedTuple):
    """A flag with one value: its type on the command line, its place in the spec, its parser, its help."""

    kind: type
    path: str
    summary: str
    read: Callable[[Any], Any] = lambda value: value
    letter: str = ""
    only: str = ""


def _rolling(verb: str, path: str) -> Mapping[str, Field]:
    actions = ("pause", "continue", *(["rollback"] if verb == "update" else []))
    return {
        f"{verb}-delay": Field(str, f"{path}.delay", f"Delay between tasks of the {verb}.", seconds),
        f"{verb}-failure-action": Field(
            str, f"{path}.failure_action", f"On failure: {', '.join(actions)}.", _one_of(*actions)
        ),
        f"{verb}-max-failure-ratio": Field(float, f"{path}.max_failure_ratio", "Ratio of failures to tolerate.", ratio),
        f"{verb}-monitor": Field(str, f"{path}.monitor", "Time to monitor each new task for failure.", seconds),
        f"{verb}-order": Field(
            str, f"{path}.order", "start-first or stop-first.", _one_of("start-first", "stop-first")
        ),
        f"{verb}-parallelism": Field(int, f"{path}.parallelism", "Number of tasks to replace at a time; 0 means all."),
    }


FIELDS: Mapping[str, Field] = {
    "image": Field(str, "task.container.image", "Image.", only="update"),
    "args": Field(
        str, "task.container.args", "Arguments of the command.", lambda text: tuple(shlex.split(text)), only="update"
    ),
    "entrypoint": Field(
        str,
        "task.container.command",
        "Override the image's entrypoint.",
        lambda text: tuple(shlex.split(text)) or None,
    ),
    "endpoint-mode": Field(str, "endpoint.mode", "vip or dnsrr.", _one_of("vip", "dnsrr")),
    "health-cmd": Field(
        str, "task.container.health.test", "Command that checks health.", lambda text: ("CMD-SHELL", text)
    ),
    "health-interval": Field(str, "task.container.health.interval", "Time between checks.", _nanoseconds),
    "health-retries": Field(int, "task.container.health.retries", "Number of consecutive failures until unhealthy."),
    "health-start-period": Field(
        str, "task.container.health.start_period", "Time to start before failures count.", _nanoseconds
    ),
    "health-timeout": Field(str, "task.container.health.timeout", "Time-out of a check.", _nanoseconds),
    "no-healthcheck": Field(
        bool, "task.container.health", "Disable the health check.", lambda _: HealthSpec(("NONE",))
    ),
    "hostname": Field(str, "task.container.hostname", "Container hostname."),
    "init": Field(bool, "task.container.init", "Run an init process in each container."),
    "limit-cpu": Field(str, "task.container.options.NanoCpus", "Limit CPUs.", cpus),
    "limit-memory": Field(str, "task.container.options.Memory", "Limit memory.", memory),
    "limit-pids": Field(int, "task.container.options.PidsLimit", "Limit the number of processes."),
    "log-driver": Field(str, "task.container.options.LogConfig.Type", "Logging driver."),
    "max-concurrent": Field(int, "max_concurrent", "Number of tasks of a job to run at a time."),
    "read-only": Field(bool, "task.container.options.ReadonlyRootfs", "Mount the root file system read-only."),
    "replicas": Field(int, "replicas", "Number of tasks."),
    "replicas-max-per-node": Field(
        int, "task.placement.max_replicas", "Maximum number of tasks on a node; 0 means no limit."
    ),
    "reserve-cpu": Field(str, "task.reservations.nano_cpus", "Reserve CPUs.", cpus),
    "reserve-memory": Field(str, "task.reservations.memory", "Reserve memory.", memory),
    "restart-condition": Field(str, "task.restart.condition", "none, on-failure or any.", _restart),
    "restart-delay": Field(str, "task.restart.delay", "Delay before a restart.", seconds),
    "restart-max-attempts": Field(int, "task.restart.max_attempts", "Maximum number of restarts; 0 means no limit."),
    "restart-window": Field(str, "task.restart.window", "Window in which restarts are counted.", seconds),
    **_rolling("rollback", "rollback"),
    "stop-grace-period": Field(str, "task.stop_grace", "Grace period before a task is killed.", seconds),
    "stop-signal": Field(str, "task.container.stop_signal", "Signal to stop with."),
    "tty": Field(bool, "task.container.tty", "Allocate a terminal.", letter="-t"),
    **_rolling("update", "update"),
    "user": Field(str, "task.container.user", "User, or user:group.", letter="-u"),
    "workdir": Field(str, "task.container.working_dir", "Working directory.", letter="-w"),
}

_HEALTH = tuple(name.replace("-", "_") for name in FIELDS if name.startswith("health-"))

_NEW: Mapping[str, Callable[[], Any]] = {
    "container": lambda: ContainerSpec(""),
    "health": HealthSpec,
    "LogConfig": dict,
}
"""The objects to create where a spec has none yet."""


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flags of one command as parameters of its function."""

    command: str

    def parameters(self) -> Iterator[inspect.Parameter]:
        for name, field in FIELDS.items():
            if field.only in ("", self.command):
                switch = f"--{name}/--no-{name}" if field.kind is bool and not name.startswith("no-") else f"--{name}"
                letters = (field.letter,) if field.letter else ()
                yield _parameter(
                    name, field.kind | None, (*letters, switch), field.summary, "" if field.kind is bool else "VALUE"
                )
        for name, listed in LISTS.items():
            if self.command == "create":
                letters = (listed.letter,) if listed.letter else ()
                yield _parameter(name, list[str] | None, (*letters, f"--{name}"), listed.summary, listed.metavar)
            elif listed.remove is not None:
                yield _parameter(f"{name}-add", list[str] | None, (f"--{name}-add",), listed.summary, listed.metavar)
                yield _parameter(f"{name}-rm", list[str] | None, (f"--{name}-rm",), "Remove one.", listed.key)
            else:
                yield _parameter(name, list[str] | None, (f"--{name}",), listed.summary, listed.metavar)


def _parameter(name: str, kind: Any, letters: tuple[str, ...], summary: str, metavar: str) -> inspect.Parameter:
    option = Option(*letters, help=summary, metavar=metavar or None)
    return inspect.Parameter(
        name.replace("-", "_"), inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )


def with_flags(command: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a function `f(session, …, **flags)` the flags of create or update as parameters."""

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        own = [one for one in inspect.signature(function).parameters.values() if one.kind is not one.VAR_KEYWORD]
        function.__signature__ = inspect.Signature([*own, *_Flags(command).parameters()])  # type: ignore[attr-defined]
        return function

    return decorate


def edited(spec: ServiceSpec, flags: Mapping[str, Any], payloads: PayloadLookup) -> ServiceSpec:
    """The spec changed by the flags. Raises StackferryError for a value that cannot be parsed."""
    if flags.get("no_healthcheck") and any(flags.get(name) is not None for name in _HEALTH):
        raise StackferryError("--no-healthcheck conflicts with --health-* options", "remove one of them")
    for name, field in FIELDS.items():
        value = flags.get(name.replace("-", "_"))
        if value is None or (value is False and name.startswith("no-")):
            continue
        with _naming(f"--{name}"):
            spec = _put(spec, field.path.split("."), field.read(count(value) if field.kind is int else value))
    for name, listed in LISTS.items():
        key = name.replace("-", "_")
        for text in flags.get(f"{key}_rm") or ():
            assert listed.remove is not None
            with _naming(f"--{name}-rm {text}"):
                spec = listed.remove(spec, text)
        for text in (*(flags.get(key) or ()), *(flags.get(f"{key}_add") or ())):
            with _naming(f"--{name} {text}"):
                spec = spec if listed.add is None else listed.add(spec, text, payloads)
    spec = with_capabilities(spec, flags.get("cap_add") or (), flags.get("cap_drop") or ())
    return _settled(spec)


@contextmanager
def _naming(flag: str) -> Iterator[None]:
    """Make errors in a value name the flag."""
    try:
        yield
    except ShorthandError as error:
        raise StackferryError(f"{flag}: {error}", error.hint) from error
    except ValueError as error:
        raise StackferryError(f"{flag}: {error}", "") from error


def _put(value: Any, path: list[str], new: Any) -> Any:
    if not path:
        return new
    first, *rest = path
    if isinstance(value, Mapping):
        return {**value, first: _put(value.get(first) or _NEW.get(first, lambda: None)(), rest, new)}
    inner = getattr(value, first)
    return replace(value, **{first: _put(_NEW[first]() if inner is None and rest else inner, rest, new)})


def _settled(spec: ServiceSpec) -> ServiceSpec:
    """The spec with the fields that the task template repeats from its container."""
    container = spec.task.container
    if container is None:
        return spec
    test = container.health.test if container.health else ()
    task = replace(
        spec.task,
        networks=tuple(leg.network for leg in container.networks),
        has_healthcheck=bool(test) and test != ("NONE",),
    )
    return replace(spec, task=task)
