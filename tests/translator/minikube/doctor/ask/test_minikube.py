"""Queries to a minikube that answers as 1.38 does."""

import json
from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask.minikube import MinikubeQuestions
from stackferry.translator.minikube.doctor.facts.minikube import Config, Minikube, Status
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.programs import Answer
from tests.translator.minikube.doctor.made import FakePrograms

VERSION = '{"commit":"c93a4cb9311efc66b90d33ea03f75f2c4120e9b0","minikubeVersion":"v1.38.1"}\n'
CONFIG = {
    "CPUs": 2,
    "Memory": 4096,
    "DiskSize": 20000,
    "Driver": "virtualbox",
    "HostOnlyCIDR": "192.168.59.1/24",
    "DisableDriverMounts": False,
    "APIServerPort": 8443,
    "KubernetesConfig": {"KubernetesVersion": "v1.34.4", "ContainerRuntime": "containerd"},
    "Nodes": [{"Name": "", "IP": "192.168.59.100", "Port": 8443}],
}
LIST = json.dumps({"invalid": [], "valid": [{"Name": "minikube", "Status": "Skipped", "Config": CONFIG}]})
STATUS = (
    '{"Name":"minikube","Host":"Running","Kubelet":"Running","APIServer":"Running","Kubeconfig":"Configured",'
    '"Worker":false}'
)
ANSWERS = {
    "minikube version": VERSION,
    "minikube profile list": LIST,
    "minikube status": STATUS,
    "env MINIKUBE_HOME=": VERSION,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Minikube's home, with a profile."""
    (tmp_path / ".minikube/profiles/minikube").mkdir(parents=True)
    return tmp_path


def asked(programs: FakePrograms, home: Path) -> Minikube:
    return MinikubeQuestions(programs, {"MINIKUBE_HOME": str(home)}, "minikube").facts()


def test_all_that_it_says(home: Path) -> None:
    programs = FakePrograms(ANSWERS)
    found = asked(programs, home)

    assert (found.program, found.version, found.home) == ("/usr/bin/minikube", "v1.38.1", f"{home}/.minikube")
    assert isinstance(found.profiles, tuple)
    assert [(one.name, one.driver, one.size.memory, one.address) for one in found.profiles] == [
        ("minikube", "virtualbox", 4096, "192.168.59.100")
    ]
    assert found.configs == {"minikube": Config("192.168.59.1/24")}
    assert found.status == Status("Running", "Running", "Running", "Configured")
    assert (found.has_folder, found.has_disc) == (True, False)
    elsewhere, *rest = sorted(programs.calls)
    assert elsewhere.endswith(" minikube version -o json")
    assert rest == ["minikube profile list -o json --light", "minikube status -o json -p minikube"]


def test_where_nothing_was_ever_started(tmp_path: Path) -> None:
    """It would make its folder, whatever it is asked."""
    programs = FakePrograms(ANSWERS)
    found = asked(programs, tmp_path)

    assert (found.version, found.profiles, found.configs, found.status) == ("v1.38.1", (), {}, None)
    (call,) = programs.calls
    assert call.startswith("env MINIKUBE_HOME=")
    assert str(tmp_path) + "/.minikube" not in call
    assert list(tmp_path.iterdir()) == []


def test_a_system_without_env(home: Path) -> None:
    programs = FakePrograms({words: answer for words, answer in ANSWERS.items() if not words.startswith("env")})

    assert asked(programs, home).version == "v1.38.1"


def test_no_minikube(home: Path) -> None:
    programs = FakePrograms({})
    found = asked(programs, home)

    assert found == Minikube(home=f"{home}/.minikube", has_folder=True)
    assert programs.calls == []


def test_a_disc_in_the_cache(home: Path) -> None:
    folder = home / ".minikube/cache/iso/amd64"
    folder.mkdir(parents=True)
    (folder / "minikube-v1.38.0-amd64.iso").write_text("")

    assert asked(FakePrograms(ANSWERS), home).has_disc


def test_each_failure_costs_its_own_facts(home: Path) -> None:
    broken = FakePrograms({**ANSWERS, "minikube profile list": Answer(10, "", "X Exiting due to HOST_HOME\n")})
    found = asked(broken, home)

    assert found.version == "v1.38.1"
    assert found.profiles == Unknown("minikube profile list: it exited with 10: X Exiting due to HOST_HOME")
    assert found.configs == found.profiles
    assert found.status == Status("Running", "Running", "Running", "Configured")


def test_a_status_with_a_bad_exit_code(home: Path) -> None:
    stopped = '{"Name":"minikube","Host":"Stopped","Kubelet":"Stopped","APIServer":"Stopped","Kubeconfig":"Stopped"}'

    assert asked(FakePrograms({**ANSWERS, "minikube status": Answer(7, stopped)}), home).status == Status(
        "Stopped", "Stopped", "Stopped", "Stopped"
    )
    gone = asked(FakePrograms({**ANSWERS, "minikube status": Answer(7, "null", "machine does not exist")}), home)
    assert gone.status == Status()
