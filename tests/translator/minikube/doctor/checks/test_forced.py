"""Verdicts under `--force`."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import acceleration, hypervisor
from stackferry.translator.minikube.doctor.checks.forced import unless_forced
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.doctor.finding import Ending, fail, ok
from tests.translator.minikube.doctor.made import NEW, found, on

FORCED = replace(NEW, wanted=Wanted(force=True))


def test_a_conclusion_is_a_warning() -> None:
    assert unless_forced(NEW, fail("no", "yes", Ending(67))) == fail("no", "yes", Ending(67))
    assert unless_forced(FORCED, fail("no", "yes", Ending(67))).verdict == "warn"
    assert unless_forced(NEW, ok("yes")) == ok("yes")


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        (hypervisor.module, on(NEW, "host", devices={})),
        (hypervisor.module_version, on(NEW, "host", module_version="7.0.20 r163906")),
        (hypervisor.network_module, on(NEW, "host", adapter_tool=False)),
        (acceleration.free, on(NEW, "host", modules={"kvm_intel": 1})),
        (acceleration.free, on(NEW, "host", modules={"kvm_intel": 0}, kvm_at_load=True)),
    ],
)
def test_all_that_is_concluded(check, facts: Facts) -> None:
    plain, forced = found(check(facts)), found(check(replace(facts, wanted=Wanted(force=True))))

    assert (plain.verdict, forced.verdict) == ("FAIL", "warn")
    assert plain.message == forced.message


def test_what_minikube_does_not_let_pass_either() -> None:
    without = on(FORCED, "host", cpu_flags=frozenset())

    assert found(acceleration.available(without)).verdict == "FAIL"
