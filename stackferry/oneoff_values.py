"""What `run -v` and `run -p` say, as parts of a spec: docker's short forms of a mount and of a port."""

import os
from collections.abc import Iterable

import typer

from emulator.container import MountSpec
from emulator.desired import DesiredStack
from emulator.spec import EndpointSpec, PublishedPort
from grammar.compose.port import parse_port
from grammar.compose.shorthand import ShorthandError


def mounts(own: Iterable[MountSpec], more: Iterable[str], stack: DesiredStack) -> tuple[MountSpec, ...]:
    """The mounts of a service with those of the command line, which win where both have a target."""
    return tuple({one.target: one for one in (*own, *(_mount(text, stack) for text in more))}.values())


def _mount(text: str, stack: DesiredStack) -> MountSpec:
    parts = text.split(":")
    if len(parts) > 3 or not all(parts):
        raise typer.BadParameter(f"{text!r} is not [SOURCE:]TARGET[:MODE]", param_hint="--volume")
    if len(parts) == 1:
        return MountSpec("volume", text)
    source, target, mode = parts[0], parts[1], set(parts[2].split(",")) if parts[2:] else set()
    if unknown := mode - _MODES:
        raise typer.BadParameter(f"{text!r}: unknown mode {', '.join(sorted(unknown))}", param_hint="--volume")
    if source.startswith((".", "/", "~")):
        path = os.path.abspath(os.path.expanduser(source))
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
        raise typer.BadParameter(str(error), param_hint="--publish") from error
    if any("-" in str(one.get("published", "")) for one in found):
        raise typer.BadParameter(f"{text!r}: one port of the host for each of the container", param_hint="--publish")
    return found
