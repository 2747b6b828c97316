"""The lists that `config` prints instead of the whole stack: names, and hashes of services; sorted, one per line."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.compose.output.service_hash import fingerprint
from stackferry.grammar.compose.phases.profiles import select, without_unused
from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.suggest import did_you_mean


def names(loaded: Loaded, kind: str) -> str:
    """The list for one of `KINDS`. Docker compose prints most of these lists in random order."""
    return "".join(f"{name}\n" for name in sorted(set(KINDS[kind](loaded))))


def _services(loaded: Loaded) -> Iterable[str]:
    return _entries(loaded.tree, "services")


def _used(loaded: Loaded, section: str) -> Iterable[str]:
    return _entries(_narrowed(loaded), section)


def _narrowed(loaded: Loaded) -> Node:
    """The tree with only enabled and used entries; a tree that was not interpolated is still complete."""
    if loaded.interpolated:
        return loaded.tree
    return without_unused(select(loaded.tree, loaded.profiles).root)


def _profiles(loaded: Loaded) -> Iterable[str]:
    """The profiles of all services, also of disabled ones."""
    for service in (*_entries(loaded.tree, "services").values(), *loaded.disabled.values()):
        profiles = service.get("profiles")
        yield from (one.value for one in (profiles.value if profiles is not None else ()))


def _images(loaded: Loaded) -> Iterable[str]:
    """The images of services; a built image without a name gets docker compose's name for it."""
    for section in WORKLOADS:
        for name, workload in _entries(_narrowed(loaded), section).items():
            for container in (workload, *_items(workload, "pre_start")):
                image = container.get("image")
                yield str(image.value) if image is not None and image.value else f"{loaded.name}-{name}"


def _items(node: Node, key: str) -> Iterable[Node]:
    listed = node.get(key)
    return listed.value if listed is not None else ()


def _models(loaded: Loaded) -> Iterable[str]:
    for model in _entries(_narrowed(loaded), "models").values():
        name = model.get("model")
        if name is not None and name.value:
            yield str(name.value)


def _entries(tree: Node, section: str) -> Mapping[str, Node]:
    node = tree.get(section)
    return node.value if node is not None and node.value else {}


KINDS: Mapping[str, Callable[[Loaded], Iterable[str]]] = {
    "services": _services,
    "volumes": partial(_used, section="volumes"),
    "networks": partial(_used, section="networks"),
    "models": _models,
    "profiles": _profiles,
    "images": _images,
}


def hashes(loaded: Loaded, chosen: str) -> str:
    """Hashes of the services that `chosen` names (comma-separated, `*` is all), sorted by name."""
    services = loaded.canonical_json()["services"]
    platform = loaded.environment.get("DOCKER_DEFAULT_PLATFORM", "")
    lines = []
    for name in sorted(services if chosen in ("", "*") else chosen.split(",")):
        if name in loaded.disabled:
            raise StackferryError(f"service {name!r} is not enabled", "activate one of its profiles with --profile")
        if name not in services:
            raise StackferryError(f"no such service: {name}", did_you_mean(name, services))
        lines.append(f"{name} {fingerprint(services[name], platform)}\n")
    return "".join(lines)
