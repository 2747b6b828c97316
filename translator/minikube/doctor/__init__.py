"""What keeps a minikube cluster from running on this computer: collects facts first, then checks decide on them."""
