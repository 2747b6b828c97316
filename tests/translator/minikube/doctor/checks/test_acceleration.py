"""VT-x and AMD-V: available, and not in use."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import acceleration
from stackferry.translator.minikube.doctor.facts.host import Process
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Version
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from tests.translator.minikube.doctor.made import NEW, RUNNING, found, on


@pytest.mark.parametrize(("flag", "name"), [("vmx", "VT-x"), ("svm", "AMD-V")])
def test_the_processor_has_it(flag: str, name: str) -> None:
    answer = found(acceleration.available(on(NEW, "host", cpu_flags=frozenset(("fpu", flag)))))

    assert (answer.verdict, answer.message) == ("ok", f"the processor supports {name}")


@pytest.mark.parametrize(
    ("flags", "said", "remedy"),
    [
        ({"fpu"}, "the processor does not support VT-x or AMD-V, or they are turned off", "in the BIOS"),
        (
            {"fpu", "hypervisor"},
            "this computer is a virtual machine without access to VT-x or",
            "nested virtualization",
        ),
    ],
)
def test_the_processor_lacks_it(flags: set[str], said: str, remedy: str) -> None:
    facts = on(NEW, "host", cpu_flags=frozenset(flags), engine=True)
    answer = found(acceleration.available(facts))
    later = found(acceleration.available(replace(facts, wanted=Wanted(no_vtx_check=True))))

    assert answer.verdict == "FAIL"
    assert answer.message.startswith(said)
    assert answer.message.endswith("minikube would exit with 38 HOST_VIRT_UNAVAILABLE")
    assert remedy in answer.hint
    assert answer.hint.endswith("--driver docker, which works on this machine")
    assert later.verdict == "warn"
    assert "minikube will find out when it starts the machine" in later.message


def test_a_machine_that_runs_has_it() -> None:
    assert found(acceleration.available(on(RUNNING, "host", cpu_flags=frozenset()))).verdict == "ok"
    assert found(acceleration.free(on(RUNNING, "host", modules={"kvm_intel": 1}))).verdict == "ok"


def test_another_processor() -> None:
    answer = found(acceleration.available(on(NEW, "host", machine="aarch64")))

    assert answer.verdict == "FAIL"
    assert "aarch64" in answer.message


def test_another_system_does_not_show_its_flags() -> None:
    assert acceleration.available(on(NEW, "host", system="darwin", cpu_flags=Unknown("no /proc"))) is None
    assert acceleration.free(on(NEW, "host", system="darwin")) is None
    with pytest.raises(NotTriedError, match="no /proc"):
        acceleration.available(on(NEW, "host", cpu_flags=Unknown("no /proc")))


def test_kvm_runs_a_machine_that_is_seen() -> None:
    holder = Process(4711, "qemu-system-x86", has_kvm=True)
    answer = found(acceleration.free(on(NEW, "host", processes=(holder,), modules=Unknown("no /proc/modules"))))

    assert answer.verdict == "FAIL"
    assert answer.message.startswith("KVM is using VT-x for qemu-system-x86 (4711): VirtualBox cannot use")
    assert answer.message.endswith("minikube would exit with 67 PR_VBOX_BLOCKED")
    assert answer.hint == "stop the KVM machines (minikube's own advice is for macOS)"


def test_kvm_runs_a_machine_of_somebody_else() -> None:
    answer = found(acceleration.free(on(NEW, "host", modules={"kvm_amd": 1, "kvm": 1})))

    assert answer.message.startswith("KVM is using VT-x for a machine of another")


LOADED = on(NEW, "host", modules={"kvm_intel": 0, "kvm": 1}, kvm_at_load=True, kernel=(6, 12, 3))


def test_newer_kernels_take_it_when_kvm_is_loaded() -> None:
    answer = found(acceleration.free(LOADED))

    assert answer.verdict == "FAIL"
    assert answer.message.startswith("kvm_intel is loaded and has claimed VT-x, as it does on kernel 6.12")
    assert "rmmod kvm_intel" in answer.hint
    assert "kvm.enable_virt_at_load=0" in answer.hint


def test_newer_ones_still_share_it_with_newer_virtualboxes() -> None:
    newest = on(LOADED, "host", kernel=(6, 16, 1))

    assert found(acceleration.free(newest)).verdict == "ok"
    assert found(acceleration.free(on(newest, "virtualbox", version=Version("7.1.10r1")))).verdict == "FAIL"
    assert found(acceleration.free(on(newest, "virtualbox", version=Unknown("it hung")))).verdict == "FAIL"


def test_kvm_is_loaded_and_takes_nothing() -> None:
    assert found(acceleration.free(on(LOADED, "host", kvm_at_load=False))).message == "KVM is not using VT-x"
    assert found(acceleration.free(on(LOADED, "host", kvm_at_load=None))).verdict == "ok"
    assert found(acceleration.free(NEW)).verdict == "ok"


def test_a_kernel_that_does_not_show_its_modules() -> None:
    hidden = on(NEW, "host", modules=Unknown("/proc/modules: No such file or directory"))
    answer = found(acceleration.free(on(hidden, "host", devices={"/dev/kvm": True})))

    assert answer.verdict == "warn"
    assert "/proc/modules: No such file or directory" in answer.message
    assert found(acceleration.free(hidden)).verdict == "ok"


def test_nothing_to_share_without_virtualbox() -> None:
    assert acceleration.free(on(LOADED, "virtualbox", program=None)) is None
