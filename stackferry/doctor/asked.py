"""The options of `doctor` beside the target; each target uses its own."""

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """`cluster` is minikube's profile; `driver` None: the cluster's own; `flags` are flags of `minikube start`.

    `context`, `kubeconfig` and `namespace` are as for `kube up`.
    """

    cluster: str = "minikube"
    driver: str | None = None
    flags: tuple[str, ...] = ()
    context: str | None = None
    kubeconfig: str | None = None
    namespace: str | None = None
