"""`--publish` of services: adds or removes published ports, in docker's short or long notation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stackferry.emulator.cluster.spec import PublishedPort, ServiceSpec
from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.options.edits.edit import PayloadLookup


def published(text: str) -> tuple[PublishedPort, ...]:
    """Parse published ports; raises ShorthandError."""
    from stackferry.grammar.compose.syntax.port_fields import parse_published

    found = parse_published(text)
    if any(one.get("host_ip") for one in found):
        raise ShorthandError(
            f"hostip is not supported in {text!r}", "a service listens on all addresses: leave the address out"
        )
    return tuple(port_specs(found, text))


def port_specs(found: Sequence[Mapping[str, Any]], text: str) -> Iterator[PublishedPort]:
    """The ports of parsed fields, of `run` too; `text` is what they were parsed from. Raises ShorthandError."""
    from stackferry.emulator.desired.deploy import published as specs
    from stackferry.grammar.compose.assemble import record
    from stackferry.grammar.compose.model.attachments import Port

    if not all(one["target"] for one in found):
        raise ShorthandError(f"a target port is required in {text!r}", "0 is no port")
    for fields in found:
        yield from specs(record(Port, fields))


def add_port(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Add ports that are not published yet."""
    ports = spec.endpoint.ports
    new = tuple(one for one in published(text) if one not in ports)
    return replace(spec, endpoint=replace(spec.endpoint, ports=(*ports, *new)))


def remove_port(spec: ServiceSpec, text: str) -> ServiceSpec:
    """Remove the ports of a target, whatever their published number: `80`, `53/udp`, `target=80,mode=host`."""
    gone = {_aim(one) for one in published(text)}
    kept = tuple(one for one in spec.endpoint.ports if _aim(one) not in gone)
    return replace(spec, endpoint=replace(spec.endpoint, ports=kept))


def _aim(port: PublishedPort) -> tuple[int, str, str]:
    return port.target, port.protocol, port.mode
