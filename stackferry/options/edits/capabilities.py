"""`--cap-add` and `--cap-drop` of services, which docker processes together (docker/cli's `updateCapabilities`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.grammar.compose.syntax.capability import RESET, capability, effective
from stackferry.options.edits.edit import container, with_container


def with_capabilities(spec: ServiceSpec, add: Iterable[str], drop: Iterable[str]) -> ServiceSpec:
    """The spec after both flags. A capability in the opposite list is only removed from that list."""
    more, less = ({capability(one) for one in given} for given in (add, drop))
    if not more and not less:
        return spec
    options = container(spec).options
    added, dropped = _own(options, "CapAdd", more), _own(options, "CapDrop", less)
    if added or dropped:
        # A capability in both flags is added and not dropped.
        less -= more
        added, dropped = added - less, dropped | (less - added)
        added, dropped = added | (more - dropped), dropped - more
    else:
        added, dropped = more, less
    return with_container(spec, options=with_lists(options, added, dropped))


def _own(options: Mapping[str, object], name: str, given: set[str]) -> set[str]:
    """The service's own capabilities; none if the flag says RESET."""
    found: Any = options.get(name) or ()
    return set() if RESET in given else {capability(one) for one in found}


def with_lists(options: Mapping[str, object], add: Iterable[str], drop: Iterable[str]) -> dict[str, object]:
    """The engine's options with their capabilities replaced."""
    lists = zip(("CapAdd", "CapDrop"), effective(add, drop), strict=True)
    kept = {name: value for name, value in options.items() if name not in ("CapAdd", "CapDrop")}
    return {**kept, **{name: names for name, names in lists if names}}
