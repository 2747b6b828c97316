"""Drivers that would work here."""

import pytest

from stackferry.translator.minikube.doctor.alternatives import alternatives, or_else
from stackferry.translator.minikube.doctor.facts.host import Host
from stackferry.translator.minikube.doctor.facts.unknown import Unknown

KVM = {"/dev/kvm": True}
LIBVIRT, QEMU = frozenset(("virsh",)), frozenset(("qemu-system-x86_64",))


@pytest.mark.parametrize(
    ("host", "names"),
    [
        (Host(), []),
        (Host(engine=True), ["docker"]),
        (Host(engine=Unknown("it hung")), []),
        (Host(devices=KVM), []),
        (Host(devices=KVM, programs=LIBVIRT), ["kvm2"]),
        (Host(devices={"/dev/kvm": False}, programs=LIBVIRT), []),
        (Host(devices=KVM, programs=QEMU), ["qemu2"]),
        (Host(engine=True, devices=KVM, programs=LIBVIRT | QEMU), ["docker", "kvm2", "qemu2"]),
    ],
)
def test_by_what_is_here(host: Host, names: list[str]) -> None:
    assert [one.name for one in alternatives(host)] == names


def test_in_the_words_that_choose_it() -> None:
    assert or_else(Host(), "mend it") == "mend it"
    assert (
        or_else(Host(devices=KVM, programs=LIBVIRT), "mend it")
        == "mend it; or use --driver kvm2, which works on this machine"
    )
