"""The query to a node, which is only sent to a running one."""

from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.minikube import MinikubeQuestions
from stackferry.translator.minikube.doctor.ask.node import NodeQuestion
from stackferry.translator.minikube.doctor.ask.virtualbox import VirtualBoxQuestions
from stackferry.translator.minikube.doctor.facts.minikube import Node
from stackferry.translator.minikube.programs import Answer
from tests.translator.minikube.doctor.ask import test_minikube, test_virtualbox
from tests.translator.minikube.doctor.facts.test_minikube import ANSWER
from tests.translator.minikube.doctor.made import FakePrograms

NOW = 1764492000.5


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".minikube/profiles/minikube").mkdir(parents=True)
    return tmp_path


class Asked:
    """Who asks, what is called, and where a connection was tried."""

    def __init__(self, home: Path, state: str = "running", why: str = "", **answers: object) -> None:
        self.tried: list[tuple[str, int]] = []
        self.programs = FakePrograms(
            {
                **test_virtualbox.answers(showvminfo_minikube=f'VMState="{state}"\n'),
                **test_minikube.ANSWERS,
                "minikube ssh": ANSWER,
                **{f"minikube {key.replace('_', ' ')}": value for key, value in answers.items()},
            }
        )
        # The more particular answer is looked for first.
        minikube = MinikubeQuestions(self.programs, {"MINIKUBE_HOME": str(home)}, "minikube")
        virtualbox = VirtualBoxQuestions(self.programs, "minikube")

        def connect(host: str, port: int, patience: float) -> str:
            self.tried.append((host, port))
            return why

        computer = Computer(system="linux", now=lambda: NOW, connect=connect)
        self.ask = NodeQuestion(self.programs, computer, "minikube", minikube, virtualbox)

    @property
    def was_asked(self) -> bool:
        return any(call.startswith("minikube ssh") for call in self.programs.calls)


def test_a_node_that_runs(home: Path) -> None:
    asked = Asked(home)

    assert asked.ask() == Node(0.0, has_share=True, disk=21, room=13181, answers=True)
    assert asked.tried == [("192.168.59.100", 8443)]
    (call,) = (one for one in asked.programs.calls if one.startswith("minikube ssh"))
    assert call == "minikube ssh -p minikube --skip-audit -- date +%s; df -Pm /var/lib/minikube; ls -d /hosthome; true"


def test_a_node_that_cannot_be_reached(home: Path) -> None:
    found = Asked(home, why="timed out").ask()

    assert found is not None
    assert found.answers is False


def test_no_connection_to_a_cluster_without_kubernetes(home: Path) -> None:
    asked = Asked(home, profile_list=test_minikube.LIST.replace("v1.34.4", "v0.0.0"))
    found = asked.ask()

    assert found is not None
    assert found.answers is None
    assert asked.tried == []


@pytest.mark.parametrize("state", ["poweroff", "paused", "gurumeditation", "starting"])
def test_a_machine_that_does_not_run_is_not_asked(home: Path, state: str) -> None:
    asked = Asked(home, state)

    assert asked.ask() is None
    assert not asked.was_asked


def test_no_profile(home: Path) -> None:
    asked = Asked(home, profile_list='{"invalid":[],"valid":[]}')

    assert asked.ask() is None
    assert not asked.was_asked


@pytest.mark.parametrize(("host", "is_asked"), [("Running", True), ("Stopped", False)])
def test_another_driver_by_its_status(home: Path, host: str, is_asked: bool) -> None:
    asked = Asked(
        home,
        state="poweroff",
        profile_list=test_minikube.LIST.replace("virtualbox", "docker"),
        status=test_minikube.STATUS.replace('"Host":"Running"', f'"Host":"{host}"'),
    )
    found = asked.ask()

    assert asked.was_asked == is_asked
    assert (found is not None) == is_asked
    if found is not None:
        assert found.has_share is None


def test_a_node_that_lets_nobody_in(home: Path) -> None:
    refused = Answer(80, "", "X Exiting due to GUEST_SSH: dial tcp 127.0.0.1:37265: connect: connection refused\n")

    with pytest.raises(ValueError, match="it exited with 80: X Exiting due to GUEST_SSH"):
        Asked(home, ssh=refused).ask()
