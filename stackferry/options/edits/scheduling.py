"""Scheduling of a service's tasks: placement preferences, and reserved generic resources."""

from dataclasses import replace

from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.options.edits.edit import PayloadLookup, with_one, with_placement, without_one


def add_preference(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Add a preference `spread=LABEL`."""
    return with_placement(spec, spread=with_one(spec.task.placement.spread, _spread(text)))


def remove_preference(spec: ServiceSpec, text: str) -> ServiceSpec:
    """Remove a preference."""
    return with_placement(spec, spread=without_one(spec.task.placement.spread, _spread(text)))


def _spread(text: str) -> str:
    kind, found, label = text.partition("=")
    if kind != "spread" or not found:
        raise ValueError(f"unsupported placement preference {kind!r}: use spread=LABEL")
    return label


def add_generic(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Reserve a generic resource `KIND=N`."""
    kind, _found, count = text.partition("=")
    return _with_generic(remove_generic(spec, kind), (kind, int(count)))


def remove_generic(spec: ServiceSpec, kind: str) -> ServiceSpec:
    """Remove the generic resource of a kind."""
    generic = tuple(one for one in spec.task.reservations.generic if one[0] != kind)
    return replace(spec, task=replace(spec.task, reservations=replace(spec.task.reservations, generic=generic)))


def _with_generic(spec: ServiceSpec, new: tuple[str, int]) -> ServiceSpec:
    reservations = spec.task.reservations
    return replace(
        spec, task=replace(spec.task, reservations=replace(reservations, generic=(*reservations.generic, new)))
    )
