"""How the images that a stack builds get to a cluster: by a registry, or by the program that fills its nodes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.notes import nowhere
from stackferry.images.built import builds

if TYPE_CHECKING:
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.notes import Origin
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient

Delivery = Callable[[bool], "Project"]
"""Gives the project that runs the images as the cluster has them; with True they are built and moved first."""


def delivery(
    session: "Session",
    client: "KubernetesClient",
    project: "Project",
    registry: str | None,
    origin: "Origin" = nowhere,
) -> Delivery:
    """The way for this stack to this cluster; `origin`: where the file says what cannot be built here.

    Raises StackferryError where it builds images, and there is no way.
    """
    from stackferry.kube.nodes import in_nodes, loader_of
    from stackferry.kube.registry import in_registry

    built = builds(project)
    if not built:
        return lambda _: project
    if registry is not None:
        return lambda send: in_registry(session, project, registry, send=send, origin=origin)
    loader = loader_of(session, client)
    if loader is None:
        raise StackferryError(
            f"{', '.join(built)}: built on this machine, so the cluster cannot pull the image",
            "push it with --registry HOST/PATH to a registry that the cluster can reach; for kind,"
            " or k3s on this machine, have `kind` or `k3s` on the PATH",
        )
    return lambda send: in_nodes(session, project, loader, send=send, origin=origin)
