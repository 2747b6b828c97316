"""The doctor as `minikube up` calls it."""

from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.examine import Examination, examine
from stackferry.translator.minikube.drivers import DOCKER, VIRTUALBOX
from stackferry.translator.minikube.programs import ProgramError
from tests.translator.minikube.doctor.ask import test_minikube
from tests.translator.minikube.doctor.ask.root import root
from tests.translator.minikube.doctor.made import FakePrograms
from tests.translator.minikube.doctor.test_observe import ANSWERS


class Asked:
    def __init__(self, tmp_path: Path) -> None:
        self.home = tmp_path
        self.answers: dict[str, object] = dict(ANSWERS)
        self.uid = 1000

    def profile(self) -> None:
        (self.home / ".minikube/profiles/minikube").mkdir(parents=True)

    def __call__(self, driver: str | None = None, *flags: str, **more) -> Examination:
        computer = Computer(root(self.home / "root"), "linux", "x86_64", self.uid, lambda: 1764492000.5, lambda *_: "")
        programs = FakePrograms(self.answers)
        environment = {"MINIKUBE_HOME": str(self.home)}
        return examine(programs, environment, "minikube", driver, flags, computer=computer, **more)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def lines(found: Examination, verdict: str) -> list[str]:
    return [one.name for one in found.findings if one.verdict == verdict]


def test_a_cluster_that_runs(asked: Asked) -> None:
    asked.profile()
    found = asked()

    assert found.driver is VIRTUALBOX
    assert lines(found, "FAIL") == []
    assert found.failures == ()


def test_a_new_cluster_on_a_machine_of_virtualbox(asked: Asked) -> None:
    asked.answers["VBoxManage list vms"] = ""
    found = asked()

    assert found.driver is VIRTUALBOX
    assert lines(found, "FAIL") == []


def test_root_is_stopped_before_anything_is_made(asked: Asked) -> None:
    asked.uid = 0

    assert [one.name for one in asked().failures][-1:] == ["as-root"]
    assert "as-root" not in lines(asked(None, "--force"), "FAIL")


def test_another_driver_where_virtualbox_is_not(asked: Asked) -> None:
    asked.answers = {words: answer for words, answer in ANSWERS.items() if not words.startswith("VBoxManage")}
    found, insisting = asked(), asked("virtualbox")
    asking = asked(default=lambda _: VIRTUALBOX)

    assert found.driver is DOCKER
    assert found.findings[0].name == "driver"
    assert found.findings[0].message.startswith("using docker, since VirtualBox does not work on this")
    assert found.failures == ()
    for examination in (insisting, asking):
        assert examination.driver is VIRTUALBOX
        assert [each.name for each in examination.failures] == ["virtualbox-installed"]
        assert "use --driver docker, which works on this machine" in examination.failures[0].hint


def test_the_driver_of_the_profile(asked: Asked) -> None:
    asked.profile()
    asked.answers["minikube profile list"] = test_minikube.LIST.replace("virtualbox", "docker")

    assert asked().driver is DOCKER
    assert lines(asked("virtualbox"), "FAIL") == ["driver-mismatch"]


def test_profiles_that_cannot_be_had(asked: Asked) -> None:
    asked.profile()
    asked.answers["minikube profile list"] = ProgramError("minikube profile list did not finish within 5 s")
    found = asked()

    assert found.driver is VIRTUALBOX
    assert "driver-mismatch" in lines(found, "warn")
