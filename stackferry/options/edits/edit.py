"""The types of edits, and helpers to change parts of a spec. `service_lists.py` is the table of all edits."""

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
    """Finds secrets and configs; `taken` collects those that the stack's store must have: name to content."""

    holdings: "StoredPayloads"
    taken: dict[str, bytes] = field(default_factory=dict)


Add = Callable[[ServiceSpec, str, PayloadLookup], ServiceSpec]
Remove = Callable[[ServiceSpec, str], ServiceSpec]


def container(spec: ServiceSpec) -> ContainerSpec:
    """The spec's container; a new one without an image if it has none yet."""
    return spec.task.container or ContainerSpec("")


def with_container(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    """The spec with changed fields of its container."""
    return replace(spec, task=replace(spec.task, container=replace(container(spec), **changed)))


def with_placement(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    """The spec with changed fields of its placement."""
    return replace(spec, task=replace(spec.task, placement=replace(spec.task.placement, **changed)))


def same(text: str) -> str:
    """The whole text is the key."""
    return text


def before_equals(text: str) -> str:
    """The key of `KEY=VALUE`."""
    return text.partition("=")[0]


def with_one(items: Iterable[str], text: str, key: Callable[[str], str] = same) -> tuple[str, ...]:
    """The items with `text` added; it replaces an item with the same key."""
    kept = tuple(items)
    if any(key(one) == key(text) for one in kept):
        return tuple(text if key(one) == key(text) else one for one in kept)
    return (*kept, text)


def without_one(items: Iterable[str], key_text: str, key: Callable[[str], str] = same) -> tuple[str, ...]:
    """The items without the one that has a key."""
    return tuple(one for one in items if key(one) != key_text)


def with_pair(labels: Mapping[str, str], text: str) -> dict[str, str]:
    """The mapping with `KEY=VALUE` added."""
    name, _, value = text.partition("=")
    return {**labels, name: value}


def without_pair(labels: Mapping[str, str], name: str) -> dict[str, str]:
    """The mapping without a key."""
    return {key: value for key, value in labels.items() if key != name}
