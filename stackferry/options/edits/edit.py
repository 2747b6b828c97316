"""What an edit is, and the parts of a spec that edits reach. Part of `service_lists.py`, the table of all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.lookup.payloads import StoredPayloads


@dataclass(frozen=True, slots=True)
class PayloadLookup:
    """Where secrets and configs are found; `taken` collects what the stack's store must have: name to content."""

    holdings: "StoredPayloads"
    taken: dict[str, bytes] = field(default_factory=dict)


Add = Callable[[ServiceSpec, str, PayloadLookup], ServiceSpec]
Remove = Callable[[ServiceSpec, str], ServiceSpec]


def container(spec: ServiceSpec) -> ContainerSpec:
    """Its container; one without an image if there is none yet."""
    return spec.task.container or ContainerSpec("")


def with_container(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    """The spec with fields of its container changed."""
    return replace(spec, task=replace(spec.task, container=replace(container(spec), **changed)))


def with_placement(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    """The spec with fields of its placement changed."""
    return replace(spec, task=replace(spec.task, placement=replace(spec.task.placement, **changed)))


def same(text: str) -> str:
    """The whole text is the key."""
    return text


def before_equals(text: str) -> str:
    """The key of `KEY=VALUE`."""
    return text.partition("=")[0]


def with_one(items: Iterable[str], text: str, key: Callable[[str], str] = same) -> tuple[str, ...]:
    """One more, instead of that of the same key."""
    kept = tuple(items)
    if any(key(one) == key(text) for one in kept):
        return tuple(text if key(one) == key(text) else one for one in kept)
    return (*kept, text)


def without_one(items: Iterable[str], key_text: str, key: Callable[[str], str] = same) -> tuple[str, ...]:
    """All but that of a key."""
    return tuple(one for one in items if key(one) != key_text)


def with_pair(labels: Mapping[str, str], text: str) -> dict[str, str]:
    """One more `KEY=VALUE`."""
    name, _, value = text.partition("=")
    return {**labels, name: value}


def without_pair(labels: Mapping[str, str], name: str) -> dict[str, str]:
    """All but one."""
    return {key: value for key, value in labels.items() if key != name}
