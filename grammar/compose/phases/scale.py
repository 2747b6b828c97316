"""One number of replicas, wherever it is written: `scale` is `deploy.replicas` too, if there is a `deploy`.

After `compose/validate/consistency.py`, which has made sure that the two do not contradict each other.
"""

from stackferry.grammar.compose.tree.node import Node


def unite_scale(root: Node) -> Node:
    """The typed tree with `deploy.replicas` filled in from `scale`."""
    services = root.get("services")
    if services is None or not any("scale" in child.value for child in services.value.values()):
        return root
    united = {name: _unite(child) for name, child in services.value.items()}
    return root._replace(value={**root.value, "services": services._replace(value=united)})


def _unite(service: Node) -> Node:
    scale, deploy = service.get("scale"), service.get("deploy")
    if scale is None or deploy is None or "replicas" in deploy.value:
        return service
    entries = {"mode": deploy.value["mode"]} if "mode" in deploy.value else {}
    entries = {**entries, "replicas": scale, **deploy.value}
    return service._replace(value={**service.value, "deploy": deploy._replace(value=entries)})
