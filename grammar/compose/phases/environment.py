"""Variables from files: `.env` and `--env-file`, a service's `env_file` and `label_file`.

`read_env_files` serves discovery and includes, before interpolation. `resolve_services` is a phase of
its own, after `profiles.py`: only enabled services need their files. The position of a value from an env file
is its line there.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from stackferry.grammar.compose.phases.dotenv import Assigned, EnvFileError, parse, parse_raw
from stackferry.grammar.compose.phases.template import Lookup
from stackferry.grammar.compose.phases.typed import JOB_KEYS, PRE_START_KEYS, SERVICE_KEYS
from stackferry.grammar.compose.syntax.order import ordered
from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.node import Node, plain
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.source import Span


class Reading(Protocol):
    """What reading env files needs from a load (`stack.Shared`)."""

    @property
    def files(self) -> Files:
        """The file system."""

    @property
    def report(self) -> Diagnostics:
        """Where problems go."""

    @property
    def show(self) -> Callable[[str], str]:
        """Formats a path for messages."""

    @property
    def warned(self) -> set[str]:
        """Variables already reported as unset."""


class _Line(NamedTuple):
    """A mark (see `node.Mark`): the beginning of a line in an env file."""

    name: str
    line: int
    column: int = 0


_LINE = 20
"""This many characters of an env file count as one value."""
_VARIABLE = 5
"""Copying a variable counts as this many values."""


def read_env_files(
    paths: tuple[str, ...], environment: Mapping[str, str], reading: Reading, origin: Span | None
) -> dict[str, str]:
    """The variables of env files, later files winning; problems are reported at `origin`."""
    found: dict[str, str] = {}
    for path in paths:
        assigned = _read(
            path, None, environment.get, found, reading, origin, missing="create it, or specify another file"
        )
        found.update((name, entry.value) for name, entry in assigned.items())
    return found


def _read(
    path: str,
    form: str | None,
    lookup: Lookup,
    known: Mapping[str, str],
    reading: Reading,
    origin: Span | None,
    missing: str = "create it, or set required: false",
) -> dict[str, Assigned]:
    report = reading.report
    name = reading.show(path)
    if form not in (None, "", ".env", "raw"):
        report.error("env-file-format", f"unsupported env file format {form!r}", origin, "the only other format is raw")
        return {}
    try:
        text = reading.files.read(path).decode("utf-8", "replace")
    except FileNotFoundError:
        report.error("env-file-missing", f"env file {name} not found", origin, missing)
        return {}
    except OSError as error:
        report.error("env-file-unreadable", f"cannot read env file {name}: {error.strerror or error}", origin)
        return {}
    if origin is not None:
        # Each service reads its files anew, because their values may refer to the service's own variables.
        report.grow(len(text) // _LINE, "env files", origin)

    def unset(variable: str) -> None:
        if variable not in reading.warned:
            reading.warned.add(variable)
            message = f'the "{variable}" variable is not set, an empty string is used'
            report.warning("variable-unset", message, Span(name, 1, 1))

    try:
        found = parse_raw(text, lookup) if form == "raw" else parse(text, lookup, unset, known)
    except EnvFileError as error:
        report.error("env-file-syntax", str(error), Span(name, error.line, 1))
        return {}
    if origin is not None:
        report.grow(len(found) * _VARIABLE, "env files", origin)
    return found


def resolve_sources(root: Node, environment: Mapping[str, str]) -> Node:
    """`root` with variables resolved from the environment of its own stack.

    These are items of an `environment` list without a value, and the content of configs that come from a variable.
    """
    entries = dict(root.value)
    for section in WORKLOADS:
        listed = entries.get(section)
        if listed is not None and type(listed.value) is dict:
            resolved = {name: _resolve_list(child, environment) for name, child in listed.value.items()}
            entries[section] = listed._replace(value=resolved)
    configs = entries.get("configs")
    if configs is not None and type(configs.value) is dict:
        resolved = {name: _resolve_content(child, environment) for name, child in configs.value.items()}
        entries["configs"] = configs._replace(value=resolved)
    return root._replace(value=entries)


def _resolve_list(service: Node, environment: Mapping[str, str]) -> Node:
    variables = service.get("environment")
    if variables is None or type(variables.value) is not list:
        return service
    items = [
        item._replace(value=f"{item.value}={environment[item.value]}")
        if type(item.value) is str and item.value in environment
        else item
        for item in variables.value
    ]
    return service._replace(value={**service.value, "environment": variables._replace(value=items)})


def _resolve_content(config: Node, environment: Mapping[str, str]) -> Node:
    source = config.get("environment")
    if source is None or source.value not in environment:
        return config
    return config._replace(value={**config.value, "content": source._replace(value=environment[source.value])})


def resolve_services(root: Node, environment: Mapping[str, str], reading: Reading, variables: bool = True) -> Node:
    """The typed tree with env files and label files read into `environment` and `labels` of services.

    Without `variables`, only label files: Docker Compose always reads those.
    """

    def resolve(service: Node) -> Node:
        before = service.get("pre_start")
        if before is not None:
            hooks = [_resolve(hook, PRE_START_KEYS, environment, reading, variables) for hook in before.value]
            service = service._replace(value={**service.value, "pre_start": before._replace(value=hooks)})
        return _resolve(service, SERVICE_KEYS, environment, reading, variables)

    return _each(root, "services", resolve)


def resolve_jobs(root: Node, environment: Mapping[str, str], reading: Reading) -> Node:
    """The same for jobs. Docker Compose reads a job's files when it runs, so problems are warnings."""
    jobs = root.get("jobs")
    if jobs is None or not any(key in job.value for job in jobs.value.values() for key in ("env_file", "label_file")):
        return root
    found = Diagnostics(reading.report.room)
    aside = _Aside(reading.files, found, reading.show, reading.warned)
    root = _each(root, "jobs", lambda job: _resolve(job, JOB_KEYS, environment, aside))
    reading.report.room = found.room
    for notice in found:
        reading.report.warning(notice.code, notice.message, notice.span, notice.hint)
    return root


@dataclass(frozen=True, slots=True)
class _Aside:
    """A `Reading` whose problems are collected apart from those of the load."""

    files: Files
    report: Diagnostics
    show: Callable[[str], str]
    warned: set[str]


def _each(root: Node, section: str, resolve: Callable[[Node], Node]) -> Node:
    listed = root.get(section)
    if listed is None:
        return root
    resolved = {name: resolve(child) for name, child in listed.value.items()}
    if all(resolved[name] is child for name, child in listed.value.items()):
        return root
    return root._replace(value={**root.value, section: listed._replace(value=resolved)})


def _resolve(
    container: Node, keys: tuple[str, ...], environment: Mapping[str, str], reading: Reading, variables: bool = True
) -> Node:
    """A container with the values from its files; `keys` are in the order of the table."""
    entries = dict(container.value)
    own = entries.get("environment") if variables else None
    if own is not None:
        entries["environment"] = own = _from_environment(own, environment)
    if "env_file" in entries and variables:
        said = _with_env_files(own or Node({}), entries["env_file"], environment, reading)
        if said.value:
            entries["environment"] = said
    if "label_file" in entries:
        labels = _with_label_files(entries.get("labels") or Node({}), entries["label_file"], reading)
        if labels.value:
            entries["labels"] = labels
    if entries.keys() != container.value.keys():
        others = [key for key in entries if key not in keys]
        entries = {key: entries[key] for key in (*keys, *others) if key in entries}
    elif all(entries[key] is child for key, child in container.value.items()):
        return container
    return container._replace(value=entries)


def _from_environment(node: Node, environment: Mapping[str, str]) -> Node:
    if all(child.value is not None or name not in environment for name, child in node.value.items()):
        return node
    return node._replace(
        value={
            name: child._replace(value=environment[name]) if child.value is None and name in environment else child
            for name, child in node.value.items()
        }
    )


def _with_env_files(own: Node, files: Node, environment: Mapping[str, str], reading: Reading) -> Node:
    said: dict[str, str | None] = plain(own)

    def lookup(name: str) -> str | None:
        value = environment.get(name)
        return said.get(name) if value is None else value

    known = {name: value for name, value in said.items() if value is not None}
    found: dict[str, Node] = {}
    for file in files.value:
        path, form, required = file.get("path"), file.get("format"), file.get("required")
        if required is not None and not required.value and (path is None or not reading.files.exists(path.value)):
            continue
        if path is None:
            reading.report.error(
                "env-file-missing", "the env file has no name", file.span, "give its path, or remove the entry"
            )
            continue
        assigned = _read(path.value, form.value if form else None, lookup, known, reading, path.span)
        for name, entry in assigned.items():
            known[name] = entry.value
            mark = _Line(reading.show(path.value), entry.line - 1)
            found[name] = Node(entry.value, mark, mark)
    merged = {**found, **own.value}
    return own._replace(value={name: merged[name] for name in ordered(merged)}, mark=own.mark or files.mark)


def _with_label_files(own: Node, files: Node, reading: Reading) -> Node:
    found: dict[str, Node] = {}

    def lookup(name: str) -> str | None:
        return found[name].value if name in found else None

    for file in files.value:
        for name, entry in _read(file.value, None, lookup, {}, reading, file.span, missing="create it").items():
            mark = _Line(reading.show(file.value), entry.line - 1)
            found[name] = Node(entry.value, mark, mark)
    merged = {**found, **own.value}
    return own._replace(value={name: merged[name] for name in ordered(merged)}, mark=own.mark or files.mark)
