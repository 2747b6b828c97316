"""Chooses how images that a stack builds get to a cluster: through a registry, or by a program that loads nodes."""

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
"""Returns the project with the images as the cluster has them; with True, builds and delivers them first."""


def delivery(
    session: "Session",
    client: "KubernetesClient",
    project: "Project",
    registry: str | None,
    origin: "Origin" = nowhere,
) -> Delivery:
    """The delivery for this stack and cluster; `origin`: finds the lines of builds that are not possible here.

    Raises StackferryError if the stack builds images and they cannot be delivered.
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
