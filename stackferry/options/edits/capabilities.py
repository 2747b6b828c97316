"""`--cap-add` and `--cap-drop` of services, which docker reads together (docker/cli's `updateCapabilities`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.grammar.compose.syntax.capability import RESET, capability, effective
from stackferry.options.edits.edit import container, with_container


def with_capabilities(spec: ServiceSpec, add: Iterable[str], drop: Iterable[str]) -> ServiceSpec:
    """The spec after both flags. What stands in the opposite list is only taken out of there."""
    more, less = ({capability(one) for one in given} for given in (add, drop))
    if not more and not less:
        return spec
    options = container(spec).options
    added, dropped = _own(options, "CapAdd", more), _own(options, "CapDrop", less)
    if added or dropped:
        # What both flags name is added: it is not dropped first.
        less -= more
        added, dropped = added - less, dropped | (less - added)
        added, dropped = added | (more - dropped), dropped - more
    else:
        added, dropped = more, less
    return with_container(spec, options=with_lists(options, added, dropped))


def _own(options: Mapping[str, object], name: str, given: set[str]) -> set[str]:
    """Those of the service, unless the flag says RESET."""
    found: Any = options.get(name) or ()
    return set() if RESET in given else {capability(one) for one in found}


def with_lists(options: Mapping[str, object], add: Iterable[str], drop: Iterable[str]) -> dict[str, object]:
    """The engine's options with these capabilities instead of their own."""
    lists = zip(("CapAdd", "CapDrop"), effective(add, drop), strict=True)
    kept = {name: value for name, value in options.items() if name not in ("CapAdd", "CapDrop")}
    return {**kept, **{name: names for name, names in lists if names}}
