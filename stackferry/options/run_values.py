"""Parses options of `run` into parts of a spec: mounts and ports in docker's short forms, variables, capabilities."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import mount_spec
from stackferry.grammar.compose.assemble import record
from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.phases.dotenv import EnvFileError, parse
from stackferry.grammar.compose.syntax.capability import capability
from stackferry.grammar.compose.syntax.mount import cleaned, parse_mount
from stackferry.grammar.compose.syntax.port import parse_port
from stackferry.grammar.compose.syntax.short_forms import ShorthandError, host_path
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.declaration import WrongValueError
from stackferry.options.edits.capabilities import with_lists
from stackferry.options.edits.ports import port_specs
from stackferry.session import Session


def mounts(own: Iterable[MountSpec], more: Iterable[str], stack: DesiredStack, cwd: str) -> tuple[MountSpec, ...]:
    """A service's mounts merged with those of the command line, which win for equal targets."""
    return tuple({one.target: one for one in (*own, *(_mount(text, stack, cwd) for text in more))}.values())


def _mount(text: str, stack: DesiredStack, cwd: str) -> MountSpec:
    """Parse the short syntax of a compose file, but with paths relative to the working directory."""
    with _naming("--volume"):
        fields = cleaned(parse_mount(text))
    if fields["type"] == "bind":
        fields["source"] = host_path(fields["source"], cwd, os.environ.get("HOME"))
    behind = next((one for one in stack.volumes if one.key == fields.get("source")), None)
    return mount_spec(record(Mount, fields), behind if fields["type"] == "volume" else None, is_made=True)


def ports(own: Iterable[PublishedPort], more: Iterable[str]) -> EndpointSpec:
    """The container's own ports: a container that is not a task has no gate in front of it."""
    given = (port for text in more for port in _published(text))
    return EndpointSpec(ports=tuple(replace(one, mode="host") for one in (*own, *given)))


def _published(text: str) -> list[PublishedPort]:
    with _naming("--publish"):
        return [*port_specs(parse_port(text), text)]


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """Make errors in a value name the option."""
    try:
        yield
    except ShorthandError as error:
        raise WrongValueError(str(error), option=option) from error


def variables(session: Session, own: Iterable[str], files: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """Merge the variables of the service, of `--env-from-file` and of `-e`; the last value of each wins.

    Duplicates are removed because programs would see the first value. As in docker compose, a file does not see the
    variables of this shell.
    """
    known = session.environment
    named = [one if "=" in one else f"{one}={known[one]}" for one in given if "=" in one or one in known]
    read = [entry for path in files for entry in _of_file(session, path)]
    return tuple({entry.partition("=")[0]: entry for entry in (*own, *read, *named)}.values())


def _of_file(session: Session, path: str) -> list[str]:
    def unset(name: str) -> None:
        session.note(f"{path}: {name} is not set, so it is empty")

    try:
        found = parse(session.files.read(path).decode("utf-8", "surrogateescape"), lambda _: None, unset)
    except EnvFileError as error:
        raise StackferryError(f"{path}:{error.line}: {error}", error.hint) from error
    return [f"{name}={one.value}" for name, one in found.items()]


def capabilities(options: Mapping[str, object], add: Iterable[str], drop: Iterable[str]) -> dict[str, object]:
    """The service's capabilities after --cap-add and then --cap-drop; each removes its words from the other list."""
    more, less = ({capability(one) for one in given} for given in (add, drop))
    own: Any = [options.get(key) or () for key in ("CapAdd", "CapDrop")]
    added, dropped = ({capability(one) for one in names} for names in own)
    return with_lists(options, (added | more) - less, (dropped - more) | less)


def entrypoint_words(text: str) -> tuple[str, ...]:
    """The words of `--entrypoint`, split like `entrypoint` in a file. Raises WrongValueError."""
    from stackferry.grammar.compose.syntax.command_line import split_command

    with _naming("--entrypoint"):
        return tuple(split_command(text))
