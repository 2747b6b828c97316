"""`minikube up` when the machine cannot be created or started: the reported cause, leftovers, and recovery.

The failures are injected into VirtualBox, on machines that only answer SSH.
"""

import pytest

from tests.minikube import states
from tests.minikube.stack import NAME, lone_machine, machine_runs, whole_matrix

DENIED = "VBoxManage: error: Code E_ACCESSDENIED (0x80070005) - Access denied (extended info not available)"
CALLS = {
    # the call that fails, what VBoxManage says of it, and whether the machine is registered by then
    "convertfromraw": ("VBoxManage: error: Cannot create the disk image: VERR_DISK_FULL", False),
    "createvm": ("VBoxManage: error: Failed to create the VirtualBox object!", False),
    "modifyvm": ("VBoxManage: error: The machine is not mutable (state is PoweredOff)", True),
    "storagectl": ("VBoxManage: error: Storage controller named 'SATA' already exists", True),
    "storageattach": ("VBoxManage: error: Could not find a controller named 'SATA'", True),
    "sharedfolder": ("VBoxManage: error: Shared folder path '/home' does not exist", True),
    "hostonlyif ipconfig": (DENIED, True),
    "dhcpserver": ("VBoxManage: error: Failed to change the DHCP server", True),
    "startvm": ("VBoxManage: error: The VM session was aborted", True),
}
TOLD = {
    # minikube keeps what VBoxManage says of it to itself
    "convertfromraw": "`VBoxManage convertfromraw` could not write the machine's disk",
}
CAUSES = {
    # a state of VirtualBox: what is said of it that minikube's own words do not say
    "KVM has VT-x": "KVM, or another hypervisor, was using VT-x (VERR_VMX_IN_VMX_ROOT_MODE)",
    "KVM has AMD-V": "KVM, or another hypervisor, was using AMD-V (VERR_SVM_IN_USE)",
    "no VT-x": "VT-x was not available (VERR_VMX_NO_VMX)",
    "no AMD-V": "AMD-V was not available (VERR_SVM_NO_SVM)",
    "VT-x off in the BIOS": "VT-x is turned off in the BIOS (VERR_VMX_MSR_ALL_VMX_DISABLED)",
    "no driver for host-only networks": "failed to open /dev/vboxnetctl",
}


def goes_on(stack) -> bool:
    """Up again, without the failure: what is half-made is not hidden, and deleted by nobody who is not asked."""
    before = stack.rig.state()["vms"]
    if before:
        refused = stack.refused("up")
        assert "was never finished" in refused, refused
        assert "--yes" in refused, refused
        assert stack.rig.state()["vms"][NAME]["uuid"] == before[NAME]["uuid"]
    return machine_runs(stack.run("up", "--yes"), stack.rig)


@pytest.mark.parametrize("call", whole_matrix(CALLS, always=("createvm", "storageattach")))
def test_a_call_that_fails(ssh_rig, tmp_path, call):
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    message, is_registered = CALLS[call]

    failed = stack.refused("up", RIG_FAIL=f"{call}=>{message}")

    assert "error: minikube ended with 80 (GUEST_PROVISION)" in failed
    assert TOLD.get(call, message.removeprefix("VBoxManage: error: ")) in failed
    assert (NAME in ssh_rig.state()["vms"], stack.leftovers()) == (is_registered, [])
    assert goes_on(stack)
    assert stack.leftovers() == []


@pytest.mark.parametrize("state", whole_matrix(CAUSES, always=("KVM has VT-x",)))
def test_a_cause_that_minikube_does_not_know(ssh_rig, tmp_path, state):
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    states.put(ssh_rig, state)

    failed = stack.refused("up")
    with ssh_rig.edited() as edited:
        for key in states.INSTALLATION[state]:
            del edited[key]

    assert CAUSES[state] in failed
    assert goes_on(stack)


def test_a_range_that_virtualbox_does_not_allow_is_told_before_anything_is_made(bare_rig, tmp_path):
    stack = lone_machine(bare_rig, tmp_path / "lone")
    flags = [word for word in bare_rig.start_words if "host-only" not in word]

    refused = stack.refused("up", "--", *flags, "--host-only-cidr=10.20.30.1/24")

    assert "10.20.30.0/24" in refused
    assert "/etc/vbox/networks.conf" in refused
    assert bare_rig.state()["vms"] == bare_rig.state()["hostonlyifs"] == {}
