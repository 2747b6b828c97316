"""A minikube cluster on a machine of this computer: what keeps it from running, its size, its start, its images."""
