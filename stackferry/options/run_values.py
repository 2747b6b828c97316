"""What options of `run` say, as parts of a spec: mounts and ports in docker's short forms, variables, capabilities."""

import os
from collections.abc import Iterable, Mapping

from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.grammar.compose.phases.dotenv import EnvFileError, parse
from stackferry.grammar.compose.syntax.port import parse_port
from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.declaration import WrongValueError
from stackferry.session import Session


def mounts(own: Iterable[MountSpec], more: Iterable[str], stack: DesiredStack, cwd: str) -> tuple[MountSpec, ...]:
    """The mounts of a service with those of the command line, which win where both have a target."""
    return tuple({one.target: one for one in (*own, *(_mount(text, stack, cwd) for text in more))}.values())


def _mount(text: str, stack: DesiredStack, cwd: str) -> MountSpec:
    parts = text.split(":")
    if len(parts) > 3 or not all(parts):
        raise WrongValueError(f"{text!r} is not [SOURCE:]TARGET[:MODE]", option="--volume")
    if len(parts) == 1:
        return MountSpec("volume", text)
    source, target, mode = parts[0], parts[1], set(parts[2].split(",")) if parts[2:] else set()
    if unknown := mode - _MODES:
        raise WrongValueError(f"{text!r}: unknown mode {', '.join(sorted(unknown))}", option="--volume")
    if source.startswith((".", "/", "~")):
        path = os.path.normpath(os.path.join(cwd, os.path.expanduser(source)))
        return MountSpec(
            "bind", target, path, read_only="ro" in mode, create_host_path=True, selinux="".join(mode & {"z", "Z"})
        )
    full = f"{stack.name}_{source}"
    known = full if any(one.name == full for one in stack.volumes) else source
    return MountSpec("volume", target, known, read_only="ro" in mode)


_MODES = {"ro", "rw", "z", "Z", "cached", "delegated", "consistent"}


def ports(own: Iterable[PublishedPort], more: Iterable[str]) -> EndpointSpec:
    """Ports of the container itself: no gate stands before a container that is no task."""
    given = [
        PublishedPort(
            int(one["target"]),
            int(one.get("published") or 0),
            one.get("protocol") or "tcp",
            "host",
            one.get("host_ip", ""),
        )
        for text in more
        for one in _parsed(text)
    ]
    return EndpointSpec(
        ports=(*(PublishedPort(one.target, one.published, one.protocol, "host", one.host_ip) for one in own), *given)
    )


def _parsed(text: str) -> list[dict[str, str]]:
    try:
        found = parse_port(text)
    except ShorthandError as error:
        raise WrongValueError(str(error), option="--publish") from error
    if any("-" in str(one.get("published", "")) for one in found):
        raise WrongValueError(f"{text!r}: one port of the host for each of the container", option="--publish")
    return found


def variables(session: Session, own: Iterable[str], files: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """Those of the service, of `--env-from-file` and of `-e`: one value for each, the later one.

    Of two, programs would see the first. As docker compose, a file does not see the variables of this shell.
    """
    known = session.environment
    named = [one if "=" in one else f"{one}={known[one]}" for one in given if "=" in one or one in known]
    read = [entry for path in files for entry in _of_file(session, path)]
    return tuple({entry.partition("=")[0]: entry for entry in (*own, *read, *named)}.values())


def _of_file(session: Session, path: str) -> list[str]:
    def unset(name: str) -> None:
        session.note(f"{path}: {name} is not set, and empty")

    try:
        found = parse(session.files.read(path).decode("utf-8", "surrogateescape"), lambda _: None, unset)
    except EnvFileError as error:
        raise StackferryError(f"{path}:{error.line}: {error}", error.hint) from error
    return [f"{name}={one.value}" for name, one in found.items()]


def capabilities(options: Mapping[str, object], add: Iterable[str], drop: Iterable[str]) -> dict[str, object]:
    """The service's, with those of the command line, which are in one of both lists only."""
    more, less = tuple(dict.fromkeys(add)), tuple(dict.fromkeys(drop))
    if both := set(more) & set(less):
        raise WrongValueError(f"{', '.join(sorted(both))} cannot be added and dropped", option="--cap-drop")
    return {**options, **_listed(options, "CapAdd", more, less), **_listed(options, "CapDrop", less, more)}


def _listed(
    options: Mapping[str, object], key: str, more: tuple[str, ...], other: tuple[str, ...]
) -> dict[str, object]:
    own = options.get(key)
    kept = [one for one in own if one not in other] if isinstance(own, list | tuple) else []
    return {key: made} if (made := [*kept, *(one for one in more if one not in kept)]) or own else {}
