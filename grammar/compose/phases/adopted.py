"""Extensions that became keys of the specification: `x-develop` now means `develop`.

Per document, after `interpolate.py`. If a file has both, the key wins over the extension. Rows as in
compose-go's `extensionAliases`.
"""

from collections.abc import Mapping

from stackferry.grammar.compose.phases.merge import merge_imported
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path

_DEVELOP = ("x-develop", "develop")
_INITIAL_SYNC = ("x-initialSync", "initial_sync")


def adopt(root: Node, report: Diagnostics) -> Node:
    """`root` with such extensions renamed to their keys."""
    services = root.get("services")
    if services is None or type(services.value) is not dict:
        return root
    adopted = {name: _service(child, ("services", name), report) for name, child in services.value.items()}
    if all(adopted[name] is child for name, child in services.value.items()):
        return root
    return root._replace(value={**root.value, "services": services._replace(value=adopted)})


def adopted_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths, and for extensions the paths of their keys, which earlier files may use."""
    return (
        *paths,
        *((*path[:2], _DEVELOP[1], *path[3:]) for path in paths if path[0] == "services" and path[2:3] == _DEVELOP[:1]),
    )


def _service(service: Node, path: Path, report: Diagnostics) -> Node:
    service = _renamed(service, *_DEVELOP, path, report)
    watches = service.at(("develop", "watch"))
    if watches is None or type(watches.value) is not list:
        return service
    items = [_renamed(watch, *_INITIAL_SYNC, (*path, "develop", "watch"), report) for watch in watches.value]
    if all(new is old for new, old in zip(items, watches.value, strict=True)):
        return service
    develop = service.value["develop"]
    changed = develop._replace(value={**develop.value, "watch": watches._replace(value=items)})
    return service._replace(value={**service.value, "develop": changed})


def _renamed(node: Node, old: str, new: str, path: Path, report: Diagnostics) -> Node:
    said: Mapping[str, Node] = node.value if type(node.value) is dict else {}
    if old not in said:
        return node
    entries = {key: child for key, child in said.items() if key != old}
    own = entries.get(new)
    if own is None or own.value is None:
        entries[new] = said[old]
    else:
        entries[new] = merge_imported(said[old], own, (*path, new), report)
    return node._replace(value=entries)
