"""What a caller may choose about a translation; everything has a default."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`namespace`: put every object there, and create it. `volume_size`: request of every claim.

    The size is a Kubernetes quantity; compose volumes have none, and minikube does not enforce it.
    """

    namespace: str | None = None
    volume_size: str = "1Gi"
