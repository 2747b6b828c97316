"""Minikube's calls of VirtualBox in one start, on a machine that only answers SSH; and messages of a failed start."""

import json

from tests.minikube import states

FIRST_WORDS = """
--version
list hostonlyifs
convertfromraw stdin
createvm --basefolder
modifyvm minikube
storagectl minikube
storageattach minikube
guestproperty set
sharedfolder add
setextradata minikube
showvminfo minikube
list hostonlyifs
hostonlyif create
list hostonlyifs
hostonlyif ipconfig
list dhcpservers
list hostonlyifs
list dhcpservers
dhcpserver modify
modifyvm minikube
startvm minikube
showvminfo minikube
list hostonlyifs
""".strip().splitlines()
"""Of the calls of a start, in order; of calls that are alike and follow each other, the first."""


def first_words(calls: list[str]) -> list[str]:
    found = [" ".join(call.split()[:2]) for call in calls]
    return [one for one, before in zip(found, ["", *found], strict=False) if one != before]


def verdict(output: str) -> dict[str, str]:
    """The last error of `-o json` that has an exit code."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    errors = [one["data"] for one in events if one["type"].endswith(".error") and one["data"].get("exitcode")]
    return errors[-1]


def test_a_machine_starts_stops_starts_again_and_goes(ssh_rig):
    ssh_rig.start()
    calls = first_words(ssh_rig.calls())
    address = ssh_rig.address()
    ssh_rig.minikube("stop")
    stopped = ssh_rig.state()["vms"]["minikube"]["state"]
    ssh_rig.start()
    running = ssh_rig.state()["vms"]["minikube"]["state"]
    ssh_rig.minikube("delete")

    assert calls[: len(FIRST_WORDS)] == FIRST_WORDS
    assert (stopped, running, ssh_rig.state()["vms"]) == ("poweroff", "running", {})
    assert address == f"{ssh_rig.cidr.rpartition('.')[0]}.100"


def test_what_minikube_makes_of_a_start_that_fails(bare_rig):
    """It has a name for it; the advice, which it is right to give on macOS only, is why there is a doctor."""
    states.put(bare_rig, "KVM has VT-x")

    done = bare_rig.minikube("start", *bare_rig.whole_start, "-o", "json", check=False)

    said = verdict(done.stdout)
    assert (done.returncode, said["exitcode"], said["name"]) == (67, "67", "PR_VBOX_BLOCKED")
    assert "VERR_VMX_IN_VMX_ROOT_MODE" in said["message"]


def test_two_adapters_of_one_address_stop_a_start(bare_rig):
    states.adapters(bare_rig, {"vboxnet0": "192.168.59.1", "vboxnet1": "192.168.59.1"})

    done = bare_rig.minikube("start", *bare_rig.whole_start, "-o", "json", check=False)

    assert "multiple host-only adapters with the same IP" in verdict(done.stdout)["message"]
