"""Which driver a new cluster gets."""

from dataclasses import replace

from stackferry.translator.minikube.doctor.choice import default_driver, stands_in
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import DOCKER, VIRTUALBOX
from tests.translator.minikube.doctor.made import NEW, found, on

ENGINE = on(NEW, "host", engine=True)
BROKEN = on(ENGINE, "host", devices={})
ABSENT = on(ENGINE, "virtualbox", program=None)


def test_virtualbox_where_it_works() -> None:
    assert default_driver(NEW) is VIRTUALBOX
    assert default_driver(ENGINE) is VIRTUALBOX


def test_what_works_where_it_does_not() -> None:
    assert default_driver(BROKEN) is DOCKER
    assert default_driver(ABSENT) is DOCKER


def test_virtualbox_where_nothing_works() -> None:
    assert default_driver(on(BROKEN, "host", engine=False)) is VIRTUALBOX


def test_what_is_not_known_is_no_obstacle() -> None:
    assert default_driver(on(ENGINE, "virtualbox", version=Unknown("it hung"))) is VIRTUALBOX
    assert default_driver(replace(BROKEN, wanted=Wanted(force=True))) is VIRTUALBOX


def test_a_driver_that_stands_in_is_told() -> None:
    answer = found(stands_in(replace(BROKEN, driver=DOCKER, is_named=False)))

    assert answer.verdict == "warn"
    assert answer.message.startswith(
        "using docker, since VirtualBox does not work on this machine: vboxdrv: /dev/vboxdrv does not"
    )
    assert answer.hint.startswith("to have VirtualBox: as root: /sbin/vboxconfig")
    assert "--driver" not in answer.hint


def test_a_driver_that_was_named_is_not() -> None:
    assert stands_in(replace(BROKEN, driver=DOCKER)) is None
    assert stands_in(replace(BROKEN, is_named=False)) is None
    assert stands_in(replace(ENGINE, driver=DOCKER, is_named=False)) is None
