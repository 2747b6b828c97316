"""What somebody asks of the doctor, beside the target: each target takes of it what is its own."""

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """`cluster` is minikube's profile; `driver`: None for the cluster's own; `flags` are those of `minikube start`.

    `context`, `kubeconfig` and `namespace` are as for `kube up`.
    """

    cluster: str = "minikube"
    driver: str | None = None
    flags: tuple[str, ...] = ()
    context: str | None = None
    kubeconfig: str | None = None
    namespace: str | None = None
