"""All facts at once: of a fake computer, and of programs that answer, fail and hang."""

import threading
from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.minikube import Node
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.observe import observe
from stackferry.translator.minikube.doctor.table import findings
from stackferry.translator.minikube.programs import ProgramError
from tests.translator.minikube.doctor.ask import test_host, test_minikube, test_virtualbox
from tests.translator.minikube.doctor.ask.root import root
from tests.translator.minikube.doctor.facts.test_minikube import ANSWER
from tests.translator.minikube.doctor.made import FakePrograms

ANSWERS = {
    **test_virtualbox.answers(
        showvminfo_minikube='VMState="running"\nhostonlyadapter2="vboxnet0"\nSharedFolderPathMachineMapping1="/home"\n'
    ),
    **test_minikube.ANSWERS,
    **test_host.ANSWERS,
    "minikube ssh": ANSWER,
}


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    (tmp_path / ".minikube/profiles/minikube").mkdir(parents=True)
    now = 1764492000.5
    return Computer(root(tmp_path / "root"), "linux", "x86_64", 1000, lambda: now, lambda *_: "")


def seen(computer: Computer, programs: FakePrograms, *flags: str) -> Facts:
    home = str(computer.root.parent)
    return observe(programs, {"MINIKUBE_HOME": home}, "minikube", flags, computer)


def test_everything_is_there(computer: Computer) -> None:
    found = seen(computer, FakePrograms(ANSWERS), "--host-only-cidr=192.168.59.1/24")

    assert found.cluster == "minikube"
    assert found.wanted.host_only_cidr == "192.168.59.1/24"
    assert found.host.kernel == (6, 12, 3)
    assert found.virtualbox.running == ("mine",)
    assert found.minikube.version == "v1.38.1"
    assert found.node == Node(0.0, has_share=True, disk=21, room=13181, answers=True)


def test_nothing_is_there(computer: Computer) -> None:
    found = seen(computer, FakePrograms({}))

    assert found.virtualbox.program is None
    assert found.minikube.program is None
    assert found.node is None


def test_each_program_may_fail_by_itself(computer: Computer) -> None:
    """A report comes all the same, and has more to say than that."""
    whole = {one.name for one in findings(seen(computer, FakePrograms(ANSWERS)))}
    for name in ANSWERS:
        late = ProgramError(f"{name} did not finish within 5 s", "it was stopped; try running it yourself")
        found = list(findings(seen(computer, FakePrograms({**ANSWERS, name: late}))))
        silent = [one for one in found if "not tried" in one.message]

        assert all(f"{name} did not finish" in one.message for one in silent), name
        assert len(whole - {one.name for one in found}) <= 3, name
        assert len(found) - len(silent) >= 10, name


def test_one_that_hangs_does_not_keep_the_others(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that cannot be stopped."""
    from stackferry.translator.minikube.doctor.ask import gather

    release = threading.Event()

    class Hanging(FakePrograms):
        def run(self, words, **more):
            if list(words) == ["VBoxManage", "list", "dhcpservers"]:
                release.wait()
            return super().run(words, **more)

    monkeypatch.setattr(gather, "_MARGIN", -4.5)
    try:
        found = seen(computer, Hanging(ANSWERS))
    finally:
        release.set()

    assert found.virtualbox.servers == Unknown("VBoxManage list dhcpservers did not answer within 5 s")
