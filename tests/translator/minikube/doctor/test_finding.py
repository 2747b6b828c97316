"""The text of a check, and how minikube would fail."""

from stackferry.translator.minikube.doctor.finding import Ending, Finding, fail, ok, warn


def test_each_verdict() -> None:
    assert ok("fine") == Finding("ok", "fine")
    assert warn("little", "more") == Finding("warn", "little", "more")
    assert fail("none", "some", Ending(57)).verdict == "FAIL"


def test_the_message_names_how_minikube_would_end() -> None:
    assert ok("fine").message == "fine"
    assert fail("none", "", Ending(57, "DRV_AS_ROOT")).message == "none; minikube would exit with 57 DRV_AS_ROOT"
    assert fail("none", "", Ending(67)).message == "none; minikube would exit with 67"
