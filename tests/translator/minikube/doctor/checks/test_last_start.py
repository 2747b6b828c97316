"""Why a machine did not start the last time, from its VBox.log."""

import pytest

from stackferry.translator.minikube.doctor.checks.last_start import CAUSES, last_start
from stackferry.translator.minikube.doctor.finding import Finding
from tests.translator.minikube.doctor.made import NEW, RUNNING, on, stopped

FAILED = "00:00:02.136742 Power up failed (vrc=%s, hrc=NS_ERROR_FAILURE (0X80004005))"


def after(*lines: str, state: str = "poweroff") -> Finding | None:
    return last_start(on(stopped(state=state), "virtualbox", log=lines))


@pytest.mark.parametrize("cause", CAUSES, ids=lambda one: one.word)
def test_a_known_cause(cause) -> None:
    word = cause.word if not cause.word.endswith("_") else f"{cause.word}OWNER_NOT_ROOT"
    answer = after("00:00:00.1 VirtualBox VM 7.2.22", FAILED % word)

    assert answer is not None
    assert answer.verdict == "warn"
    assert answer.said == f"minikube did not start the last time: {cause.said} ({cause.word})"
    assert answer.hint == cause.hint


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        ("VERR_VMX_IN_VMX_ROOT_MODE", "67 PR_VBOX_BLOCKED"),
        ("VERR_SVM_IN_USE", "67 PR_VBOX_BLOCKED"),
        ("VERR_VMX_NO_VMX", "38 HOST_VTX_UNAVAILABLE"),
        ("VERR_VM_DRIVER_NOT_INSTALLED", "67"),
        ("VERR_INTNET_FLT_IF_NOT_FOUND", "75 IF_VBOX_NOT_FOUND"),
    ],
)
def test_how_minikube_has_ended(word: str, ending: str) -> None:
    answer = after(FAILED % word)

    assert answer is not None
    assert answer.message.endswith(f"; minikube would exit with {ending}")


def test_a_cause_that_nobody_knows() -> None:
    answer = after("00:00:00.1 one", FAILED % "VERR_OUT_OF_CHEESE", "00:00:02.2 more")

    assert answer is not None
    assert "Power up failed (vrc=VERR_OUT_OF_CHEESE" in answer.message
    assert answer.hint == "find the reason with VBoxHeadless --startvm minikube"


def test_a_start_that_went_well() -> None:
    answer = after("00:00:01.0 HM: HMR3Init: VT-x w/ nested paging")

    assert answer is not None
    assert answer.verdict == "ok"


def test_a_machine_that_runs_or_never_ran() -> None:
    assert after(FAILED % "VERR_SVM_IN_USE", state="running") is None
    assert after() is None
    assert last_start(NEW) is None
    assert last_start(RUNNING) is None
