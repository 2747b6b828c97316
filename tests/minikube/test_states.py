"""The states that a doctor meets, as VBoxManage reports them: each state put into the rig is visible."""

import re

import pytest

from tests.minikube import states


def vm_state(rig, name="minikube"):
    shown = rig.run("VBoxManage", "showvminfo", name, "--machinereadable").stdout
    (found,) = re.findall(r'^VMState="(.*)"$', shown, re.MULTILINE)
    return found


@pytest.mark.parametrize("what", [what for what, edits in states.MACHINE.items() if "state" in edits])
def test_a_machine_is_in_any_state(bare_rig, what):
    states.register(bare_rig)

    states.put(bare_rig, what)

    assert vm_state(bare_rig) == states.MACHINE[what]["state"]


@pytest.mark.parametrize("what", ["locked", "running", "guru meditation"])
def test_a_machine_that_someone_holds_cannot_be_changed(bare_rig, what):
    states.register(bare_rig)
    states.put(bare_rig, what)

    changed = bare_rig.run("VBoxManage", "modifyvm", "minikube", "--memory", "2048", check=False)
    removed = bare_rig.run("VBoxManage", "unregistervm", "minikube", "--delete", check=False)

    assert (changed.returncode, removed.returncode) == (1, 1)
    assert "is already locked for a session (or being unlocked)" in changed.stderr
    assert "while it is locked" in removed.stderr


def test_a_machine_that_hangs_is_powered_off_by_force_alone(bare_rig):
    states.register(bare_rig)
    states.put(bare_rig, "guru meditation")

    resumed = bare_rig.run("VBoxManage", "controlvm", "minikube", "resume", check=False).returncode
    bare_rig.run("VBoxManage", "controlvm", "minikube", "poweroff")

    assert (resumed, vm_state(bare_rig)) == (1, "poweroff")


@pytest.mark.parametrize("what", ["no VT-x", "no AMD-V", "VT-x off in the BIOS", "KVM has VT-x", "KVM has AMD-V"])
def test_a_start_that_the_processor_refuses_is_told_in_the_log(bare_rig, what):
    states.register(bare_rig)
    states.put(bare_rig, what)

    done = bare_rig.run("VBoxManage", "startvm", "minikube", "--type", "headless", check=False)

    log = (bare_rig.folder / "home/.minikube/machines/minikube/minikube/Logs/VBox.log").read_text()
    (status,) = re.findall(r"\((VERR_\w+)\)", done.stderr)
    assert (done.returncode, vm_state(bare_rig)) == (1, "poweroff")
    assert log.splitlines()[-1].endswith(f"Power up failed (vrc={status}, hrc=NS_ERROR_FAILURE (0X80004005))")


def test_a_missing_driver_warns_before_every_answer(bare_rig):
    states.register(bare_rig)
    states.put(bare_rig, "no driver")

    version = bare_rig.run("VBoxManage", "--version", RIG_VERSION="7.2.22_Debianr175245").stdout
    listed = bare_rig.run("VBoxManage", "list", "vms").stdout
    started = bare_rig.run("VBoxManage", "startvm", "minikube", check=False)

    assert version.splitlines()[0] == "WARNING: The character device /dev/vboxdrv does not exist."
    assert version.splitlines()[-1] == "7.2.22_Debianr175245"
    assert (listed.splitlines()[0], listed.splitlines()[-1][:10]) == (version.splitlines()[0], '"minikube"')
    assert started.returncode == 1
    assert "has terminated unexpectedly during startup with exit code 1 (0x1)" in started.stderr


def test_stale_adapters_are_listed_and_go_one_by_one(bare_rig):
    states.adapters(bare_rig, {f"vboxnet{number}": f"192.168.{56 + number}.1" for number in range(4)})

    bare_rig.run("VBoxManage", "hostonlyif", "remove", "vboxnet2")

    listed = bare_rig.run("VBoxManage", "list", "hostonlyifs").stdout
    assert re.findall(r"^Name: +(\S+)$", listed, re.MULTILINE) == ["vboxnet0", "vboxnet1", "vboxnet3"]
    assert (
        bare_rig.run("VBoxManage", "hostonlyif", "create").stdout == "Interface 'vboxnet2' was successfully created\n"
    )


@pytest.mark.parametrize(("address", "ends"), [("192.168.63.1", 0), ("192.168.64.1", 1), ("10.0.0.1", 1)])
def test_an_address_outside_the_allowed_ranges_is_refused(bare_rig, address, ends):
    states.adapters(bare_rig, {"vboxnet0": "192.168.56.1"})

    done = bare_rig.run(
        "VBoxManage", "hostonlyif", "ipconfig", "vboxnet0", "--ip", address, "--netmask", "255.255.255.0", check=False
    )

    assert (done.returncode, "E_ACCESSDENIED (0x80070005)" in done.stderr) == (ends, bool(ends))


def test_a_range_may_be_allowed(bare_rig):
    states.adapters(bare_rig, {"vboxnet0": "192.168.56.1"})
    (bare_rig.state_folder / "networks.conf").write_text("* 10.0.0.0/8 172.16.0.0/12\n")

    bare_rig.run("VBoxManage", "hostonlyif", "ipconfig", "vboxnet0", "--ip", "10.0.0.1", "--netmask", "255.255.255.0")

    assert bare_rig.state()["hostonlyifs"]["vboxnet0"]["ip"] == "10.0.0.1"


def test_a_failure_is_injected_by_the_beginning_of_a_command_line(bare_rig):
    rule = "list vms=>VBoxManage: error: first\\nVBoxManage: error: second|||list dhcp=>VBoxManage: error: third"

    failed = [
        bare_rig.run("VBoxManage", "list", what, check=False, RIG_FAIL=rule)
        for what in ("vms", "dhcpservers", "natnets")
    ]

    assert [(one.returncode, one.stderr) for one in failed] == [
        (1, "VBoxManage: error: first\nVBoxManage: error: second\n"),
        (1, "VBoxManage: error: third\n"),
        (0, ""),
    ]


def test_a_machine_whose_process_was_killed_is_aborted(bare_rig):
    states.register(bare_rig)
    with bare_rig.edited() as state:
        # No process has this number: the kernel's are smaller.
        state["vms"]["minikube"] |= {"state": "running", "keeper": [1 << 30, "1"]}

    assert vm_state(bare_rig) == "aborted"
    assert "keeper" not in bare_rig.state()["vms"]["minikube"]
