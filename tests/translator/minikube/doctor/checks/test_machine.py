"""The cluster's machine in VirtualBox."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import machine
from stackferry.translator.minikube.doctor.facts.host import Process
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Machine
from tests.translator.minikube.doctor.made import MACHINE, NEW, PROFILE, RUNNING, found, on, stopped

LOST = "minikube start would consider it missing, and delete it with all its data"


@pytest.mark.parametrize(
    ("state", "verdict", "message", "hint"),
    [
        ("running", "ok", "minikube runs", ""),
        ("poweroff", "ok", "minikube is stopped: the next start starts it again", ""),
        ("saved", "ok", "minikube is saved to disk: a start resumes it", ""),
        ("aborted", "warn", "minikube was not shut down", "start it again"),
        ("paused", "warn", "minikube is paused: by a user, or because a", "VBoxManage controlvm minikube resume"),
        ("gurumeditation", "FAIL", "minikube is in guru meditation", "VBoxManage controlvm minikube poweroff"),
        ("aborted-saved", "FAIL", f"minikube was killed while it was being resumed: {LOST}", "VBoxManage discardstate"),
        ("starting", "FAIL", f"minikube is starting: {LOST}", "wait; if it stays in this state"),
        ("stopping", "FAIL", f"minikube is stopping: {LOST}", "VBoxManage startvm minikube --type emergencystop"),
        ("restoring", "FAIL", f"minikube is restoring: {LOST}", "wait; if it stays in this state"),
        ("", "FAIL", f"minikube has no state that VBoxManage reports: {LOST}", "wait; if it stays in this state"),
    ],
)
def test_its_state(state: str, verdict: str, message: str, hint: str) -> None:
    answer = found(machine.state(stopped(state=state)))

    assert answer.verdict == verdict
    assert answer.message.startswith(message)
    assert answer.hint.startswith(hint) or hint in answer.hint


def test_a_guru_says_why() -> None:
    line = "00:01:02.345678 !!! Guru Meditation -2703 (VERR_VMM_RING0_ASSERTION)"
    answer = found(machine.state(on(stopped(state="gurumeditation"), "virtualbox", log=("a", line, "b"))))

    assert "(VBox.log: !!! Guru Meditation -2703 (VERR_VMM_RING0_ASSERTION))" in answer.message
    assert LOST in answer.message


def test_no_machine_has_no_state() -> None:
    assert machine.state(NEW) is None
    assert machine.locked(NEW) is None
    assert machine.half_made(NEW) is None
    with pytest.raises(NotTriedError, match="it hung"):
        machine.state(on(RUNNING, "virtualbox", machine=Unknown("it hung")))


def test_a_window_has_it_in_hand() -> None:
    answer = found(machine.locked(stopped(SessionName="GUI/Qt")))

    assert answer.verdict == "FAIL"
    assert answer.message == "minikube is poweroff, and locked by GUI/Qt; minikube would exit with 80 GUEST_PROVISION"
    assert "--type emergencystop" in answer.hint


@pytest.mark.parametrize("word", ["minikube", "0f5a"])
def test_what_is_left_of_its_process(word: str) -> None:
    process = Process(812, "VBoxHeadless", words=("VBoxHeadless", "--comment", "x", "--startvm", word))
    answer = found(machine.locked(on(stopped(state="aborted"), "host", processes=(process,))))

    assert answer.message.startswith("minikube is aborted, and locked by VBoxHeadless (812)")


def test_nobody_has_it_in_hand() -> None:
    other = Process(812, "VBoxHeadless", words=("VBoxHeadless", "--comment", "mine", "--startvm", "1234"))

    assert machine.locked(on(stopped(), "host", processes=(other,))) is None
    # One that runs is in the hands of its process.
    assert (
        machine.locked(on(RUNNING, "virtualbox", machine=Machine({**MACHINE.values, "SessionName": "headless"})))
        is None
    )


def test_a_machine_that_minikube_does_not_know() -> None:
    answer = found(machine.without_profile(on(RUNNING, "minikube", profiles=())))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "VirtualBox has a machine minikube"
        " (/home/me/.minikube/machines/minikube/minikube/minikube.vbox), but minikube has no profile"
        " with that name; minikube would exit with 80 GUEST_PROVISION"
    )
    assert "VBoxManage unregistervm minikube --delete" in answer.hint
    assert "another --cluster" in answer.hint


def test_machines_that_minikube_knows_or_has_nothing_to_do_with() -> None:
    others = on(NEW, "virtualbox", machines=("mine", "yours"))

    assert machine.without_profile(RUNNING) is None
    assert machine.without_profile(others) is None
    assert machine.without_profile(on(RUNNING, "minikube", profiles=(), program=None)) is None


GONE = on(RUNNING, "virtualbox", machines=("other",), machine=None)


def test_a_profile_whose_machine_is_gone() -> None:
    answer = found(machine.missing(replace(GONE, cluster="minikube")))

    assert answer.verdict == "warn"
    assert answer.message.startswith(
        "the machine of minikube no longer exists in VirtualBox, nor does the data in its claims"
    )
    assert "80 GUEST_STATUS" in answer.message
    assert "minikube delete" in answer.hint
    assert machine.missing(RUNNING) is None
    assert machine.missing(NEW) is None


def test_a_first_start_that_was_interrupted_early() -> None:
    interrupted = on(GONE, "minikube", profiles=(replace(PROFILE, address=""),))

    assert found(machine.missing(interrupted)).message.endswith("was interrupted before its machine was created")


def test_a_first_start_that_was_interrupted_in_the_middle() -> None:
    never_ran = on(stopped(), "minikube", profiles=(replace(PROFILE, address=""),))
    bare = Machine({key: value for key, value in MACHINE.values.items() if not key.startswith("SATA")})

    without_disk = found(machine.half_made(on(never_ran, "virtualbox", machine=bare)))
    with_disk = found(machine.half_made(never_ran))

    assert (without_disk.verdict, with_disk.verdict) == ("warn", "warn")
    assert without_disk.message.endswith("has no disk: it would never boot")
    assert "`stackferry minikube up` offers this too" in with_disk.hint
    assert machine.half_made(stopped()) is None


def test_the_cluster_is_named_to_minikube() -> None:
    shop = replace(PROFILE, name="shop")
    facts = replace(on(GONE, "minikube", profiles=(shop,)), cluster="shop")

    assert found(machine.missing(facts)).hint.endswith("minikube delete -p shop")
