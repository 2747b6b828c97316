"""Runs a stack on minikube, for commands: handles the machine below the cluster; `kube` does the rest."""
