"""A stack on minikube, as commands have it: the machine below the cluster, and what `kube` does on top of it."""
