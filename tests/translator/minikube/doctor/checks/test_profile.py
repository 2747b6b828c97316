"""The profile: readable, and for a machine as requested."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import profile
from stackferry.translator.minikube.doctor.facts.minikube import Status
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import DOCKER, KVM2
from tests.translator.minikube.doctor.made import NEW, PROFILE, RUNNING, found, on


@pytest.mark.parametrize("check", [one.look for one in profile.CHECKS])
def test_nothing_is_asked_without_a_profile(check) -> None:
    assert check(NEW) is None


def test_a_profile_that_can_be_read() -> None:
    assert found(profile.readable(RUNNING)).message == "minikube: virtualbox, v1.34.4"
    bare = on(RUNNING, "minikube", profiles=(replace(PROFILE, kubernetes=""),))
    assert found(profile.readable(bare)).message == "minikube: virtualbox, no Kubernetes"


@pytest.mark.parametrize("profiles", [(), (replace(PROFILE, is_usable=False),)])
def test_a_profile_that_cannot(profiles) -> None:
    answer = found(profile.readable(on(RUNNING, "minikube", profiles=profiles)))

    assert answer.verdict == "FAIL"
    assert answer.message == "minikube has a folder for minikube, but cannot read the profile in it"
    assert answer.hint.startswith("delete it, with all data in the cluster: minikube delete")


def test_another_driver() -> None:
    answer = found(profile.mismatch(replace(RUNNING, driver=DOCKER)))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "minikube was created with virtualbox, but docker is requested; minikube would exit with 81"
        " GUEST_DRIVER_MISMATCH"
    )
    assert (
        answer.hint == "use --driver virtualbox, or another --cluster; or delete it, with all its data: minikube delete"
    )


def test_the_same_driver_by_whatever_name() -> None:
    assert profile.mismatch(RUNNING) is None
    alias = on(RUNNING, "minikube", profiles=(replace(PROFILE, driver="kvm"),))
    assert profile.mismatch(replace(alias, driver=KVM2)) is None


def test_another_size() -> None:
    answer = found(profile.size(replace(RUNNING, wanted=Wanted(cpus=4, memory=8192, disk=20000))))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "minikube exists, and cannot be changed: CPUs: it has 2, requested 4; memory: it has 4096"
        " MB, requested 8192 MB (minikube only warns, and exits with 0)"
    )


def test_the_same_size_or_none() -> None:
    assert profile.size(replace(RUNNING, wanted=Wanted(cpus=2, memory=4096, disk=20000))) is None
    assert profile.size(RUNNING) is None
    with pytest.raises(NotTriedError, match="it hung"):
        profile.size(on(RUNNING, "minikube", profiles=Unknown("it hung")))


def test_a_kubeconfig_that_does_not_know_it() -> None:
    lost = Status("Running", "Running", "Running", "Misconfigured")
    answer = found(profile.known_context(on(RUNNING, "minikube", status=lost)))

    assert answer.verdict == "warn"
    assert answer.hint.startswith("run minikube update-context")
    assert profile.known_context(RUNNING) is None
    assert profile.known_context(on(RUNNING, "minikube", status=replace(lost, machine="Stopped"))) is None
