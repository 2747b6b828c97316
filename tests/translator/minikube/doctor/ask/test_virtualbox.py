"""Queries to a VBoxManage that answers as VirtualBox 7.2 does."""

from pathlib import Path

from stackferry.translator.minikube.doctor.ask.virtualbox import VirtualBoxQuestions
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Version, VirtualBox
from stackferry.translator.minikube.programs import Answer, ProgramError
from tests.translator.minikube.doctor.facts.test_virtualbox import ADAPTERS, DEBIAN
from tests.translator.minikube.doctor.made import FakePrograms

UUID = "0f5a2d7c-1111-4222-8333-44445555666"
NOT_FOUND = Answer(1, "", "VBoxManage: error: Could not find a registered machine named 'minikube'\n")


def answers(**more: object) -> dict[str, object]:
    return {
        "VBoxManage --version": "7.2.22r175245\n",
        "VBoxManage list vms": f'"minikube" {{{UUID}7}}\n"mine" {{{UUID}8}}\n"<inaccessible>" {{{UUID}9}}\n',
        "VBoxManage list runningvms": f'"mine" {{{UUID}8}}\n',
        "VBoxManage list hostonlyifs": ADAPTERS,
        "VBoxManage list dhcpservers": "NetworkName:    HostInterfaceNetworking-vboxnet0\nEnabled:        Yes\n",
        "VBoxManage showvminfo minikube": 'name="minikube"\nVMState="poweroff"\nhostonlyadapter2="vboxnet0"\n',
        "VBoxManage showvminfo mine": 'name="mine"\nhostonlyadapter1="vboxnet1"\n',
        **{f"VBoxManage {key.replace('_', ' ')}": value for key, value in more.items()},
    }


def asked(programs: FakePrograms, cluster: str = "minikube") -> VirtualBox:
    return VirtualBoxQuestions(programs, cluster).facts()


def test_all_that_it_says() -> None:
    programs = FakePrograms(answers())
    found = asked(programs)

    assert found.program == "/usr/bin/VBoxManage"
    assert found.version == Version("7.2.22r175245")
    assert found.machines == ("minikube", "mine", "<inaccessible>")
    assert found.running == ("mine",)
    assert isinstance(found.adapters, tuple)
    assert [one.name for one in found.adapters] == ["vboxnet0", "vboxnet1"]
    assert found.servers == ("HostInterfaceNetworking-vboxnet0",)
    assert not isinstance(found.machine, Unknown)
    assert found.machine is not None
    assert found.machine.state == "poweroff"
    assert found.used == {"vboxnet0", "vboxnet1"}
    assert found.log == ()
    # Nothing is asked twice, and nothing but questions.
    assert len(programs.calls) == len(set(programs.calls)) == 7
    assert {words.split()[1] for words in programs.calls} == {"--version", "list", "showvminfo"}


def test_no_virtualbox() -> None:
    programs = FakePrograms({})

    assert asked(programs) == VirtualBox()
    assert programs.calls == []


def test_no_machine() -> None:
    found = asked(FakePrograms(answers(showvminfo_minikube=NOT_FOUND)))

    assert found.machine is None
    assert found.used == {"vboxnet1"}


def test_no_adapters_are_used_by_nobody() -> None:
    programs = FakePrograms(answers(list_hostonlyifs=""))

    assert asked(programs).used == frozenset()
    assert "VBoxManage showvminfo mine --machinereadable" not in programs.calls


def test_too_many_machines_to_ask() -> None:
    many = "".join(f'"m{number}" {{{UUID}{number:x}}}\n' for number in range(17))

    assert asked(FakePrograms(answers(list_vms=many))).used == Unknown(
        "VBoxManage showvminfo of other machines: there are 17 of them, too many to query"
    )


def test_each_failure_costs_its_own_facts() -> None:
    broken = Answer(1, "", "VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: E_FAIL\n")
    late = ProgramError("VBoxManage list vms did not finish within 5 s", "it was stopped; try running it yourself")
    found = asked(FakePrograms(answers(list_vms=late, list_dhcpservers=broken, showvminfo_mine=Answer(3))))

    assert found.version == Version("7.2.22r175245")
    assert found.machines == Unknown("VBoxManage list vms did not finish within 5 s")
    assert found.used == Unknown("VBoxManage list vms did not finish within 5 s")
    assert found.servers == Unknown(
        "VBoxManage list dhcpservers: VBoxManage: error: Failed to create the VirtualBox object!"
    )
    assert found.running == ("mine",)


def test_another_machine_that_cannot_be_asked() -> None:
    found = asked(FakePrograms(answers(showvminfo_mine=Answer(3))))

    assert found.used == Unknown("VBoxManage showvminfo mine: it exited with 3")


def test_warnings_of_either_package() -> None:
    debian = FakePrograms({**answers(), "VBoxManage --version": f"{DEBIAN}7.2.22_Debianr175245\n"})
    oracle_text = "WARNING: The vboxdrv kernel module is not loaded.\n"
    oracle = FakePrograms({**answers(), "VBoxManage --version": Answer(0, "7.2.22r175245\n", oracle_text)})
    noisy = FakePrograms(
        {**answers(), "VBoxManage --version": Answer(0, "7.2.22r175245\n", "Qt: Session management\n")}
    )
    broken = FakePrograms({**answers(), "VBoxManage --version": Answer(1, "", "cannot open shared object file\n")})

    said = asked(debian).version
    assert isinstance(said, Version)
    assert said.text == "7.2.22_Debianr175245"
    assert said.warning.startswith("WARNING: The character device /dev/vboxdrv does not exist.")
    assert asked(oracle).version == Version("7.2.22r175245", oracle_text.strip())
    assert asked(noisy).version == Version("7.2.22r175245")
    assert asked(broken).version == Version("", "cannot open shared object file")


def test_the_end_of_the_log(tmp_path: Path) -> None:
    (tmp_path / "VBox.log").write_text("first line\n" + "x" * (1 << 16) + "\nPower up failed\nlast line\n")
    found = asked(FakePrograms(answers(showvminfo_minikube=f'VMState="poweroff"\nLogFldr="{tmp_path}"\n')))

    assert isinstance(found.log, tuple)
    assert found.log[-2:] == ("Power up failed", "last line")
    assert "first line" not in found.log


def test_no_log(tmp_path: Path) -> None:
    found = asked(FakePrograms(answers(showvminfo_minikube=f'VMState="poweroff"\nLogFldr="{tmp_path}"\n')))

    assert found.log == ()
