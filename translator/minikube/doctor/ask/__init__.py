"""Asks VirtualBox, minikube, its node and this computer: the only files of the doctor that do anything but decide."""
