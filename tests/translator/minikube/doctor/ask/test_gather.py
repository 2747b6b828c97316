"""Concurrent queries of which some fail, hang or have a bug."""

import threading
import time

import pytest

from stackferry.translator.minikube.doctor.ask.gather import Later
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.programs import ProgramError


def raising(error: BaseException):
    def ask() -> str:
        raise error

    return ask


def test_an_answer() -> None:
    assert Later("it", lambda: 3, 60).get() == 3
    assert Later("it", lambda: None, 60).get() is None


def test_they_are_asked_at_the_same_time() -> None:
    barrier = threading.Barrier(3, timeout=60)
    several = [Later("it", barrier.wait, 60) for _ in range(3)]

    assert sorted(one.get() for one in several) == [0, 1, 2]  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ValueError("it says nothing"), "it: it says nothing"),
        (PermissionError(13, "Permission denied"), "it: Permission denied"),
        (
            ProgramError("VBoxManage list vms did not finish within 5 s"),
            "VBoxManage list vms did not finish within 5 s",
        ),
    ],
)
def test_one_that_fails(error: Exception, why: str) -> None:
    assert Later("it", raising(error), 60).get() == Unknown(why)


def test_one_that_needs_another_which_failed() -> None:
    first = Later("the first", raising(ValueError("it is gone")), 60)

    assert Later("the second", lambda: known(first.get()), 60).get() == Unknown("the first: it is gone")


def test_one_that_hangs_is_left_behind() -> None:
    release = threading.Event()
    before = time.monotonic()
    try:
        assert Later("it", release.wait, 0.01).get() == Unknown("it did not answer within 0 s")
    finally:
        release.set()
    # Far below what it would have waited.
    assert time.monotonic() - before < 30


def test_a_bug_is_raised_where_the_answer_is_awaited() -> None:
    with pytest.raises(ZeroDivisionError):
        Later("it", lambda: 1 // 0, 60).get()
