"""What a caller may choose about a translation; everything has a default."""

from dataclasses import dataclass

from stackferry.grammar.notes import Origin, nowhere


@dataclass(frozen=True, slots=True)
class Options:
    """`namespace`: put every object there, and create it. `volume_size`: request of every claim.

    The size is a Kubernetes quantity; compose volumes have none, and minikube does not enforce it.

    `origin`: where values were written, which tells the variables of env files from those of `environment`.
    """

    namespace: str | None = None
    volume_size: str = "1Gi"
    origin: Origin = nowhere
