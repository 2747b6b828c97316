"""Queries about a fake computer."""

from pathlib import Path

import pytest

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.host import HostQuestions
from stackferry.translator.minikube.doctor.facts.host import Host, Memory
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.programs import Answer
from tests.translator.minikube.doctor.ask.root import FILES, root
from tests.translator.minikube.doctor.facts.test_host import ADDRESSES
from tests.translator.minikube.doctor.made import FakePrograms

ANSWERS = {
    "ip -j addr": ADDRESSES,
    "ip -j route": '[{"dst":"10.8.0.0/16","dev":"tun0"}]',
    "docker version": "28.2.2\n",
    "sudo": "",
    "virsh": "",
}
PROXY = "http://proxy.example:3128"


class Asked:
    def __init__(self, tmp_path: Path, why: str = "") -> None:
        self.tried: list[tuple[str, int]] = []
        self.why = why
        self.computer = Computer(root(tmp_path / "root"), "linux", "x86_64", 1000, connect=self._connect)
        self.home = tmp_path

    def _connect(self, host: str, port: int, patience: float) -> str:
        self.tried.append((host, port))
        return self.why

    def facts(
        self,
        programs: FakePrograms | None = None,
        environment: dict[str, str] | None = None,
        wanted: Wanted | None = None,
        *,
        is_fetched: bool = True,
    ) -> Host:
        questions = HostQuestions(
            programs or FakePrograms(ANSWERS),
            environment or {},
            self.computer,
            wanted or Wanted(),
            is_fetched=is_fetched,
        )
        return questions.facts(self.home)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_all_that_is_seen(asked: Asked) -> None:
    found = asked.facts(environment={"HTTPS_PROXY": PROXY, "no_proxy": "localhost", "HTTP_PROXY": "", "X": "y"})

    assert (found.system, found.machine, found.uid) == ("linux", "x86_64", 1000)
    assert (found.kernel, found.cpus) == ((6, 12, 3), 4)
    assert found.cpu_flags == {"fpu", "vmx"}
    assert found.modules == {"vboxnetadp": 0, "vboxdrv": 2}
    assert found.devices == {"/dev/vboxdrv": True, "/dev/vboxnetctl": True}
    assert found.module_version.startswith("7.2.22 ")
    assert (found.kvm_at_load, found.secure_boot, found.adapter_tool) == (True, True, False)
    assert found.network_rules == "* 10.0.0.0/8\n"
    assert isinstance(found.interfaces, tuple)
    assert [one.name for one in found.interfaces if one.is_up] == ["lo", "tun0"]
    assert isinstance(found.routes, tuple)
    assert [one.device for one in found.routes] == ["tun0"]
    assert found.memory == Memory(16000, 8000)
    assert not isinstance(found.folder, Unknown)
    assert found.folder.path == str(asked.home)
    assert found.proxies == {"HTTPS_PROXY": PROXY, "no_proxy": "localhost"}
    assert found.programs == {"sudo", "docker", "virsh"}
    assert found.engine is True
    assert found.folders == {"/home"}
    assert found.downloads is None
    assert asked.tried == []


def test_a_computer_that_shows_nothing(tmp_path: Path) -> None:
    empty = Asked(tmp_path)
    for name in FILES:
        empty.computer.path(name).unlink()
    found = empty.facts(FakePrograms({}))

    assert found.modules == Unknown("/proc/modules: No such file or directory")
    assert found.interfaces == Unknown("ip is not on the PATH")
    assert found.routes == Unknown("ip is not on the PATH")
    assert isinstance(found.memory, Unknown)
    assert isinstance(found.cpu_flags, Unknown)
    assert (found.kernel, found.module_version, found.kvm_at_load, found.engine) == ((), "", None, False)


def test_an_engine_that_does_not_answer(asked: Asked) -> None:
    down = FakePrograms({**ANSWERS, "docker version": Answer(1, "\n", "Cannot connect to the Docker daemon")})

    assert asked.facts(down).engine is False


def test_words_of_ip_that_are_no_json(asked: Asked) -> None:
    old = FakePrograms({**ANSWERS, "ip -j addr": Answer(255, "", 'Option "-j" is unknown, try "ip -help".\n')})

    assert asked.facts(old).interfaces == Unknown('ip -j addr: Option "-j" is unknown, try "ip -help".')


@pytest.mark.parametrize(
    ("iso", "environment", "target"),
    [
        (None, {}, ("storage.googleapis.com", 443)),
        ("https://mirror.example/node.iso", {}, ("mirror.example", 443)),
        ("http://mirror.example:8080/node.iso", {}, ("mirror.example", 8080)),
        (None, {"HTTPS_PROXY": PROXY}, ("proxy.example", 3128)),
        (None, {"https_proxy": "http://me:secret@proxy.example"}, ("proxy.example", 80)),
    ],
)
def test_where_a_disc_is_fetched(
    asked: Asked, iso: str | None, environment: dict[str, str], target: tuple[str, int]
) -> None:
    found = asked.facts(environment=environment, wanted=Wanted(iso=iso), is_fetched=False)

    assert asked.tried == [target]
    assert found.downloads == ""


def test_a_disc_that_cannot_be_fetched(tmp_path: Path) -> None:
    asked = Asked(tmp_path, why="storage.googleapis.com:443: timed out")

    assert asked.facts(is_fetched=False).downloads == "storage.googleapis.com:443: timed out"


def test_a_disc_of_ones_own(asked: Asked) -> None:
    mine = Wanted(iso="file:///home/me/readme")

    assert asked.facts(wanted=mine, is_fetched=False).downloads is None
    gone = Wanted(iso="file:///home/me/gone.iso")
    assert asked.facts(wanted=gone, is_fetched=True).downloads == "/home/me/gone.iso does not exist"
    assert asked.tried == []
