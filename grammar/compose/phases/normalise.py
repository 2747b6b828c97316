"""Writes out what a stack implies: networks and dependencies, names, resolved variables.

After all files are merged and included, before `typed.py`; as compose-go's `Normalize`. What this
phase adds has no position. `unite_scale` runs later, after `consistency.py`, which makes sure that `scale` and
`deploy.replicas` do not contradict each other.
"""

from collections.abc import Mapping

from stackferry.grammar.compose.phases.merge import merge_service
from stackferry.grammar.compose.phases.typed import CONTAINER_KEYS
from stackferry.grammar.compose.syntax.short_forms import clean
from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.node import Node, lift, plain
from stackferry.grammar.diagnostics import Diagnostics

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_NAMED = ("networks", "volumes", "configs", "secrets")
_DEFAULT = "default"


def normalise(root: Node, name: str, environment: Mapping[str, str], report: Diagnostics) -> Node:
    """`root` with everything implied written out; `name` is the project's."""
    said = root.get("name")
    named = said.holding(name) if said is not None else Node(name)
    entries: dict[str, Node] = {"name": named, **{key: root.value[key] for key in root.value if key != "name"}}
    workloads: list[Node] = []
    for section in WORKLOADS:
        listed = entries.get(section)
        if listed is not None and type(listed.value) is dict:
            normal = {key: _workload(child, environment, report) for key, child in listed.value.items()}
            entries[section] = listed.holding(normal)
            workloads.extend(normal.values())
    _imply_network(entries, workloads)
    for kind in _NAMED:
        resources = entries.get(kind)
        if resources is not None and type(resources.value) is dict:
            entries[kind] = resources._replace(
                value={key: _resource(child, key, name) for key, child in resources.value.items()}
            )
    return root.holding(entries)


def _workload(node: Node, environment: Mapping[str, str], report: Diagnostics) -> Node:
    if type(node.value) is not dict:
        return node
    entries = dict(node.value)
    policy = entries.get("pull_policy")
    if policy is not None and policy.value == "if_not_present":
        entries["pull_policy"] = policy.holding("missing")
    build = entries.get("build")
    if build is not None and type(build.value) is dict:
        entries["build"] = _build(build, environment)
    variables = entries.get("environment")
    if variables is not None:
        entries["environment"] = _resolve(variables, environment, keep=True)
    mounts = entries.get("volumes")
    if mounts is not None and type(mounts.value) is list:
        entries["volumes"] = mounts.holding([_mount(mount) for mount in mounts.value])
    implied = _dependencies(entries)
    if implied:
        said = entries.get("depends_on") or Node({})
        if type(said.value) is dict:
            entries["depends_on"] = said.holding({**implied, **said.value})
    if "provider" not in entries and "network_mode" not in entries:
        networks = entries.get("networks")
        if networks is None or not networks.value:
            entries["networks"] = Node({_DEFAULT: Node(None)})
    before = entries.get("pre_start")
    if before is not None and type(before.value) is list:
        entries["pre_start"] = before.holding(_inherited(before.value, entries, report))
    return node.holding(entries)


def _inherited(hooks: list[Node], service: Mapping[str, Node], report: Diagnostics) -> list[Node]:
    """`pre_start` containers, each merged over its service's container keys, which get no position here.

    Except mounts: such a container gets those of its service while it runs, as with `volumes_from`.
    """
    keys = [key for key in service if key in CONTAINER_KEYS and key != "volumes"]
    base = Node({key: lift(plain(service[key])) for key in keys})
    return [
        merge_service(base, hook, "hook", report)._replace(mark=hook.mark, key=hook.key)
        if type(hook.value) is dict
        else hook
        for hook in hooks
    ]


def _imply_network(entries: dict[str, Node], workloads: list[Node]) -> None:
    """Add the `default` network if any workload is attached to it."""
    used = any(
        _DEFAULT in (workload.get("networks") or Node({})).value
        for workload in workloads
        if (workload.get("networks") or Node({})).value
    )
    networks = entries.get("networks") or Node({})
    if used and type(networks.value) is dict and _DEFAULT not in networks.value:
        entries["networks"] = networks.holding({**networks.value, _DEFAULT: Node(None)})


def _build(node: Node, environment: Mapping[str, str]) -> Node:
    entries = dict(node.value)
    entries.setdefault("context", Node("."))
    if "dockerfile" not in entries and "dockerfile_inline" not in entries:
        entries["dockerfile"] = Node("Dockerfile")
    if "args" in entries:
        entries["args"] = _resolve(entries["args"], environment, keep=False)
    return node.holding(entries)


def _resolve(node: Node, environment: Mapping[str, str], keep: bool) -> Node:
    """Variables without a value get the environment's value; unset ones stay if `keep`, else are dropped."""
    if type(node.value) is dict:
        entries: dict[str, Node] = {}
        for name, child in node.value.items():
            if child.value is not None:
                entries[name] = child
            elif name in environment:
                entries[name] = child.holding(environment[name])
            elif keep:
                entries[name] = child
        return node.holding(entries)
    if type(node.value) is not list:
        return node
    items: list[Node] = []
    for item in node.value:
        text = item.value
        if type(text) is not str or "=" in text:
            items.append(item)
        elif text in environment:
            items.append(item.holding(f"{text}={environment[text]}"))
        elif keep:
            items.append(item)
    return node.holding(items)


def _mount(node: Node) -> Node:
    target = node.get("target")
    if target is None or type(target.value) is not str:
        return node
    cleaned = clean(target.value)
    if cleaned == target.value:
        return node
    return node.holding({**node.value, "target": target.holding(cleaned)})


def _dependencies(entries: Mapping[str, Node]) -> dict[str, Node]:
    """The `depends_on` entries implied by links, shared namespaces and `volumes_from`."""
    found: dict[str, Node] = {}

    def depend(name: str, restart: bool) -> None:
        if name not in found:
            found[name] = Node({"condition": Node("service_started"), "restart": Node(restart), "required": Node(True)})

    for link in _strings(entries.get("links")):
        parts = link.split(":")
        depend(parts[0] if len(parts) == 2 else link, restart=True)
    for key in _NAMESPACES:
        value = entries[key].value if key in entries else None
        if type(value) is str and value.startswith("service:"):
            depend(value.removeprefix("service:"), restart=True)
    for source in _strings(entries.get("volumes_from")):
        if not source.startswith("container:"):
            depend(source.split(":")[0], restart=False)
    return found


def _strings(node: Node | None) -> list[str]:
    value = node.value if node is not None else None
    return [item.value for item in value if type(item.value) is str] if type(value) is list else []


def _resource(node: Node, key: str, project: str) -> Node:
    """Name a resource that has no name: by project and key, or by key alone if it is external."""
    entries = dict(node.value) if type(node.value) is dict else {}
    name = entries.get("name")
    if name is None or name.value is None:
        external = entries.get("external")
        outside = external is not None and (external.value is True or str(external.value).lower() in ("true", "1", "t"))
        entries["name"] = Node(key if outside else f"{project}_{key}")
    return node.holding(entries)


def unite_scale(root: Node) -> Node:
    """The typed tree with `deploy.replicas` filled in from `scale`."""
    services = root.get("services")
    if services is None or not any("scale" in child.value for child in services.value.values()):
        return root
    united = {name: _unite(child) for name, child in services.value.items()}
    return root.holding({**root.value, "services": services.holding(united)})


def _unite(service: Node) -> Node:
    scale, deploy = service.get("scale"), service.get("deploy")
    if scale is None or deploy is None or "replicas" in deploy.value:
        return service
    entries = {"mode": deploy.value["mode"]} if "mode" in deploy.value else {}
    entries = {**entries, "replicas": scale, **deploy.value}
    return service.holding({**service.value, "deploy": deploy.holding(entries)})
