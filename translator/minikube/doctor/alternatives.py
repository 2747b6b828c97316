"""Drivers that would work on this computer if VirtualBox does not, in the words that select them. Pure."""

from collections.abc import Iterator

from stackferry.translator.minikube.doctor.facts.host import Host
from stackferry.translator.minikube.drivers import DOCKER, KVM2, QEMU2, Driver

KVM_DEVICE = "/dev/kvm"


def alternatives(host: Host) -> Iterator[Driver]:
    """The drivers whose programs are installed and can start something, the one with the fewest needs first."""
    if host.engine is True:
        yield DOCKER
    if host.devices.get(KVM_DEVICE):
        if "virsh" in host.programs:
            yield KVM2
        if "qemu-system-x86_64" in host.programs:
            yield QEMU2


def or_else(host: Host, remedy: str) -> str:
    """A remedy, followed by a driver that works without it, if there is one."""
    other = next(alternatives(host), None)
    return f"{remedy}; or use --driver {other.name}, which works on this machine" if other else remedy
