"""Services that an older version of the stack left as another kind, which no apply can change: they are made anew.

Between headless and ClusterIP an API server refuses the change, or accepts it and does nothing. The commands find what
is in the cluster as the other kind by itself, delete that and nothing else, and do nothing the second time.
"""

from collections.abc import Iterable

from stackferry.translator.manifest.labels import INSTANCE, NAME, of_project
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.services.doors import in_namespace
from stackferry.translator.stack import Stack


def remaking(services: Iterable[Manifest], stack: Stack) -> tuple[str, ...]:
    """What to run before `kubectl apply` where an older version may be in the cluster; `services` are all of now."""
    kinds: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for one in services:
        name = one.body["metadata"]["labels"].get(NAME)
        if one.kind == "Service" and name is not None:
            kinds[one.body["spec"].get("clusterIP") == "None"][name] = None
    # Whoever has Services of both kinds keeps them: no selector tells which of them is which.
    headless, others = [[name for name in kinds[one] if name not in kinds[not one]] for one in (True, False)]
    instance = f"{INSTANCE}={of_project(stack.project.name)[INSTANCE]}"
    start = f"kubectl delete service{in_namespace(stack)} -l '{instance}"
    found: list[str] = []
    if others:
        but = f",{NAME} notin ({','.join(kinds[True])})" if kinds[True] else ""
        found.append(f"{start},{NAME}{but}' --field-selector spec.clusterIP=None")
    if headless:
        found.append(
            f"{start},{NAME} in ({','.join(headless)})' --field-selector spec.type=ClusterIP,spec.clusterIP!=None"
        )
    return tuple(found)
