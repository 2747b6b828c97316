"""What keeps a minikube cluster from running on this computer: facts are observed first, and checks decide on them."""
