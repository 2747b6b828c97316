"""Queries VirtualBox, minikube, its node and this computer: the doctor's only files with I/O."""
