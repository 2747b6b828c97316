"""Facts from a fake kernel and a few files."""

import os
from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask import host_files
from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.facts import host as host_facts
from stackferry.translator.minikube.doctor.facts.host import Memory, Process
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from tests.translator.minikube.doctor.ask.root import process, root


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(root(tmp_path))


@pytest.fixture
def bare(tmp_path: Path) -> Computer:
    return Computer(tmp_path / "bare")


def test_texts_to_values(computer: Computer) -> None:
    assert host_files.parsed(computer, "/proc/meminfo", host_facts.memory) == Memory(16000, 8000)
    assert host_files.parsed(computer, "/proc/modules", host_facts.modules) == {"vboxnetadp": 0, "vboxdrv": 2}


def test_what_is_not_there_or_not_readable(computer: Computer) -> None:
    missing = host_files.parsed(computer, "/proc/nothing", str)
    odd = host_files.parsed(computer, "/proc/modules", host_facts.memory)

    assert missing == Unknown("/proc/nothing: No such file or directory")
    assert isinstance(odd, Unknown)
    assert odd.why.startswith("/proc/modules: ")


def test_lines(computer: Computer, bare: Computer) -> None:
    assert host_files.line(computer, "/sys/module/vboxdrv/version") == "7.2.22 r175245 (0x00330004)"
    assert host_files.line(bare, "/sys/module/vboxdrv/version") == ""


@pytest.mark.parametrize(("said", "found"), [("Y\n", True), ("1\n", True), ("N\n", False), (None, None)])
def test_whether_kvm_takes_vt_x_at_load(computer: Computer, said: str | None, found: bool | None) -> None:
    file = computer.path("/sys/module/kvm/parameters/enable_virt_at_load")
    if said is None:
        file.unlink()
    else:
        file.write_text(said)

    assert host_files.at_load(computer) is found


def test_devices(computer: Computer, bare: Computer) -> None:
    assert host_files.devices(computer) == {"/dev/vboxdrv": True, "/dev/vboxnetctl": True}
    assert host_files.devices(bare) == {}


@pytest.mark.parametrize(("value", "found"), [(b"\x06\0\0\0\x01", True), (b"\x06\0\0\0\0", False), (b"", False)])
def test_secure_boot(computer: Computer, value: bytes, found: bool) -> None:
    (variable,) = computer.path("/sys/firmware/efi/efivars").iterdir()
    variable.write_bytes(value)

    assert host_files.secure_boot(computer) is found


def test_no_secure_boot(computer: Computer, bare: Computer) -> None:
    assert host_files.secure_boot(bare) is None
    (variable,) = computer.path("/sys/firmware/efi/efivars").iterdir()
    variable.unlink()
    assert host_files.secure_boot(computer) == Unknown("the firmware does not report whether Secure Boot is on")
    # Nobody can read a folder as a file, root included.
    variable.mkdir()
    assert host_files.secure_boot(computer) == Unknown(f"{variable.name}: Is a directory")


def test_rules_of_networks(computer: Computer, bare: Computer) -> None:
    assert host_files.network_rules(computer) == "* 10.0.0.0/8\n"
    assert host_files.network_rules(bare) is None


def test_the_program_that_makes_adapters(computer: Computer, bare: Computer) -> None:
    assert host_files.adapter_tool(computer) is False
    computer.path("/usr/lib/virtualbox/VBoxNetAdpCtl").chmod(0o4755)
    assert host_files.adapter_tool(computer) is True
    assert host_files.adapter_tool(bare) is None


def test_the_nearest_folder(tmp_path: Path) -> None:
    found = host_files.folder(tmp_path / "not/yet")

    assert found.path == str(tmp_path)
    assert found.free > 0
    assert found.is_writable


def test_processes_that_matter(computer: Computer) -> None:
    kvm = computer.path("/dev/kvm")
    kvm.write_text("")
    process(computer.root, 10, "sh", "sh", opened=("/dev/null",))
    process(computer.root, 11, "qemu-system-x86", "qemu", "-m", opened=("/dev/null", str(kvm)))
    process(computer.root, 12, "VBoxHeadless", "VBoxHeadless", "--startvm", "0f5a")
    os.makedirs(computer.path("/proc/13"))

    assert sorted(host_files.processes(computer), key=lambda one: one.pid) == [
        Process(11, "qemu-system-x86", has_kvm=True, words=("qemu", "-m")),
        Process(12, "VBoxHeadless", words=("VBoxHeadless", "--startvm", "0f5a")),
    ]


def test_no_processes_are_shown(bare: Computer) -> None:
    assert host_files.processes(bare) == ()
