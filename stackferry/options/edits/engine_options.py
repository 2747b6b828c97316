"""Edits of lists and mappings that go into the engine's HostConfig unchanged: name servers, sysctls, ulimits."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.options.edits.edit import (
    Add,
    PayloadLookup,
    Remove,
    container,
    with_container,
    with_one,
    with_pair,
    without_one,
    without_pair,
)


def texts(name: str, read: Callable[[str], str] = str) -> tuple[Add, Remove]:
    """Edits of a list of strings; `read` checks an added one."""

    def items(spec: ServiceSpec) -> Iterable[str]:
        found = container(spec).options.get(name)
        return [str(one) for one in found] if isinstance(found, list | tuple) else ()

    def put(spec: ServiceSpec, value: Iterable[str]) -> ServiceSpec:
        return with_container(spec, options={**container(spec).options, name: list(value)})

    return (
        lambda spec, text, _: put(spec, with_one(items(spec), read(text))),
        lambda spec, text: put(spec, without_one(items(spec), text)),
    )


def pairs(name: str, inner: str = "") -> tuple[Add, Remove]:
    """Edits of a mapping in HostConfig, or in one of its objects (`inner`)."""

    def change(spec: ServiceSpec, edit: Callable[[Mapping[str, str]], Mapping[str, str]]) -> ServiceSpec:
        options = dict(container(spec).options)
        outer: Any = options.get(name) or {}
        options[name] = {**outer, inner: edit(outer.get(inner) or {})} if inner else edit(outer)
        return with_container(spec, options=options)

    return (
        lambda spec, text, _: change(spec, lambda labels: with_pair(labels, text)),
        lambda spec, text: change(spec, lambda labels: without_pair(labels, text)),
    )


def add_ulimit(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Add a ulimit `NAME=SOFT[:HARD]`."""
    name, _found, limits = text.partition("=")
    soft, _found, hard = limits.partition(":")
    kept = _ulimits(spec, name)
    kept.append({"Name": name, "Soft": int(soft), "Hard": int(hard or soft)})
    return with_container(spec, options={**container(spec).options, "Ulimits": kept})


def remove_ulimit(spec: ServiceSpec, name: str) -> ServiceSpec:
    """Remove a ulimit by name."""
    return with_container(spec, options={**container(spec).options, "Ulimits": _ulimits(spec, name)})


def _ulimits(spec: ServiceSpec, without: str) -> list[dict[str, Any]]:
    found: Any = container(spec).options.get("Ulimits") or []
    return [dict(one) for one in found if one["Name"] != without]
