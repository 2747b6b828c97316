"""VirtualBox's programs and kernel modules."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import hypervisor
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Version, VirtualBox
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from tests.translator.minikube.doctor.made import ADAPTER, HOST, NEW, RUNNING, found, on

WITHOUT = replace(NEW, virtualbox=VirtualBox())
NO_DEVICE = on(NEW, "host", devices={}, modules={})
FORCED = Wanted(force=True)


def said(facts: Facts, text: str, warning: str) -> Facts:
    return on(facts, "virtualbox", version=Version(text, warning))


def test_virtualbox_is_here() -> None:
    assert hypervisor.installed(NEW).message == "/usr/bin/VBoxManage"


def test_virtualbox_is_not_here() -> None:
    plain, with_docker = hypervisor.installed(WITHOUT), hypervisor.installed(on(WITHOUT, "host", engine=True))

    assert plain.verdict == "FAIL"
    assert plain.message == ("VBoxManage is not on the PATH; minikube would exit with 65 PROVIDER_VIRTUALBOX_NOT_FOUND")
    assert plain.hint == "install VirtualBox"
    assert with_docker.hint == "install VirtualBox; or use --driver docker, which works on this machine"


def test_nothing_else_is_asked_of_a_virtualbox_that_is_not_here() -> None:
    rest = [check for check in hypervisor.CHECKS if check.look is not hypervisor.installed]

    assert [check.look(WITHOUT) for check in rest] == [None] * 5


@pytest.mark.parametrize(
    ("text", "verdict", "hint"),
    [
        ("7.2.22r175245", "ok", ""),
        ("5.2.44r139111", "ok", ""),
        ("5.1.38r122592", "warn", "versions older than 5.2"),
        ("4.2.36r104064", "FAIL", "minikube refuses versions older than 4.3"),
    ],
)
def test_its_version(text: str, verdict: str, hint: str) -> None:
    answer = found(hypervisor.version(said(NEW, text, "")))

    assert (answer.verdict, answer.message) == (verdict, text)
    assert hint in answer.hint


def test_a_virtualbox_that_does_not_say_its_version() -> None:
    answer = found(hypervisor.version(said(NEW, "", "VBoxManage: error: Failed to create the VirtualBox object!")))

    assert answer.verdict == "FAIL"
    assert answer.message.startswith("VBoxManage does not print its version, but: VBoxManage: error: Failed to create")
    assert answer.message.endswith("minikube would exit with 63 PROVIDER_VIRTUALBOX_NOT_RUNNING")


DEBIAN = "WARNING: The character device /dev/vboxdrv does not exist. Please install the virtualbox-dkms package"
ORACLE = "WARNING: The vboxdrv kernel module is not loaded. Either module does not exist"


@pytest.mark.parametrize(
    ("warning", "ending", "remedy"),
    [
        (DEBIAN, "63 PR_VBOX_DEVICE_MISSING", "virtualbox-dkms linux-headers-$(uname -r), then modprobe vboxdrv"),
        (ORACLE, "63 PR_VBOX_MODULE", "as root: /sbin/vboxconfig"),
        ("WARNING: The moon is full.", "63", "as root: /sbin/vboxconfig"),
    ],
)
def test_vboxmanage_warns_of_its_module(warning: str, ending: str, remedy: str) -> None:
    """Even where a device is there: minikube believes VBoxManage."""
    answer = found(hypervisor.module(said(NEW, "7.2.22r1", warning)))

    assert answer.verdict == "FAIL"
    assert answer.message.endswith(f"minikube would exit with {ending}")
    assert remedy in answer.hint


def test_with_force_minikube_asks_for_an_upgrade_which_is_wrong() -> None:
    answer = found(hypervisor.module(replace(said(NEW, "7.2.22r1", DEBIAN), wanted=FORCED)))

    assert answer.verdict == "FAIL"
    assert "“Please upgrade”, which is wrong" in answer.message


def test_a_module_that_nobody_warns_of() -> None:
    """VBoxManage itself, without its packages' wrapper, says nothing."""
    answer, forced = found(hypervisor.module(NO_DEVICE)), found(hypervisor.module(replace(NO_DEVICE, wanted=FORCED)))

    assert answer.verdict == "FAIL"
    assert answer.message.startswith("/dev/vboxdrv does not exist")
    assert "/sbin/vboxconfig (Oracle's package), or apt-get install virtualbox-dkms" in answer.hint
    assert forced.verdict == "warn"


def test_secure_boot_is_named_beside_a_missing_module() -> None:
    assert (
        "Secure Boot is on: see secure-boot" in found(hypervisor.module(on(NO_DEVICE, "host", secure_boot=True))).hint
    )


def test_a_module_that_is_loaded() -> None:
    assert found(hypervisor.module(NEW)).message == "/dev/vboxdrv exists"
    assert found(hypervisor.module(on(RUNNING, "host", devices={}))).message.endswith("a VirtualBox machine is running")
    assert hypervisor.module(on(NO_DEVICE, "host", system="darwin")) is None


def test_what_it_says_is_not_known() -> None:
    with pytest.raises(NotTriedError, match="it hung"):
        hypervisor.module(on(NEW, "virtualbox", version=Unknown("it hung")))


def test_a_module_of_another_version() -> None:
    answer = found(hypervisor.module_version(on(NEW, "host", module_version="7.0.20 r163906 (0x00330004)")))

    assert answer.verdict == "FAIL"
    assert answer.said == "vboxdrv 7.0.20 is loaded, but VirtualBox is 7.2.22: no machine can start"
    assert "modprobe vboxdrv" in answer.hint
    assert found(hypervisor.module_version(NEW)).verdict == "ok"
    assert hypervisor.module_version(on(NEW, "host", module_version="")) is None
    assert hypervisor.module_version(said(NEW, "", "it does not say")) is None


NO_NETWORK = on(NEW, "host", devices={"/dev/vboxdrv": True}, modules={"vboxdrv": 0})


def test_no_adapter_can_be_made() -> None:
    answer = found(hypervisor.network_module(NO_NETWORK))

    assert answer.verdict == "FAIL"
    assert answer.message.endswith("minikube would exit with 75 IF_VBOX_NOT_VISIBLE")
    assert "modprobe vboxnetadp" in answer.hint


def test_no_adapter_has_to_be_made() -> None:
    answer = found(hypervisor.network_module(on(NO_NETWORK, "virtualbox", adapters=(ADAPTER,))))

    assert answer.verdict == "warn"
    assert answer.message.endswith("the required adapter already exists")


def test_the_program_that_makes_adapters_is_not_roots() -> None:
    tool = on(NEW, "host", adapter_tool=False)
    answer = found(hypervisor.network_module(tool))

    assert answer.verdict == "FAIL"
    assert "vboxusers" in answer.hint
    assert found(hypervisor.network_module(on(tool, "host", uid=0))).verdict == "ok"


def test_adapters_can_be_made_or_nobody_knows_yet() -> None:
    assert found(hypervisor.network_module(NEW)).verdict == "ok"
    # Built in, or hidden: the device is there.
    assert found(hypervisor.network_module(on(NEW, "host", modules=Unknown("no /proc")))).verdict == "ok"
    # Without the other module it cannot be loaded: that one is to be mended first.
    assert hypervisor.network_module(NO_DEVICE) is None


@pytest.mark.parametrize(
    ("is_on", "devices", "verdict", "message"),
    [
        (False, {}, "ok", "Secure Boot is off"),
        (True, HOST.devices, "ok", "Secure Boot is on, and vboxdrv is signed"),
        (True, {}, "warn", "Secure Boot is on, and vboxdrv is not loaded: the kernel refuses unsigned modules"),
    ],
)
def test_secure_boot(is_on: bool, devices: dict[str, bool], verdict: str, message: str) -> None:
    answer = found(hypervisor.secure_boot(on(NEW, "host", secure_boot=is_on, devices=devices)))

    assert answer.verdict == verdict
    assert answer.message.startswith(message)


def test_no_efi() -> None:
    assert hypervisor.secure_boot(on(NEW, "host", secure_boot=None)) is None
    with pytest.raises(NotTriedError, match="may not be read"):
        hypervisor.secure_boot(on(NEW, "host", secure_boot=Unknown("it may not be read")))
