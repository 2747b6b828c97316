"""Minikube itself."""

from stackferry.translator.minikube.doctor.checks import tools
from stackferry.translator.minikube.doctor.facts.host import Folder
from tests.translator.minikube.doctor.made import GIB, NEW, on


def test_minikube_is_here() -> None:
    assert tools.installed(NEW).message == "/usr/bin/minikube"

    found = tools.installed(on(NEW, "minikube", program=None))
    assert (found.verdict, found.message) == ("FAIL", "minikube is not on the PATH")
    assert "https://minikube.sigs.k8s.io" in found.hint


def test_its_version() -> None:
    old, new = tools.version(on(NEW, "minikube", version="v1.36.0")), tools.version(NEW)

    assert new is not None
    assert (new.verdict, new.message) == ("ok", "v1.38.1")
    assert old is not None
    assert (old.verdict, old.message) == ("warn", "v1.36.0")
    assert "update it to 1.37 or later" in old.hint
    assert tools.version(on(NEW, "minikube", program=None)) is None


def test_its_folder() -> None:
    assert tools.home(NEW).verdict == "ok"

    found = tools.home(on(NEW, "host", folder=Folder("/home/me/.minikube", GIB, is_writable=False)))
    assert found.verdict == "FAIL"
    assert found.message.startswith("you cannot write to /home/me/.minikube; minikube would exit with 37 HOST_HOME")
    assert "sudo chown -R $USER /home/me/.minikube" in found.hint
