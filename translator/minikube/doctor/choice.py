"""The driver of a new cluster if none was named. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from stackferry.translator.minikube.doctor.alternatives import alternatives
from stackferry.translator.minikube.doctor.checks import acceleration, hypervisor
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.finding import Check, Finding, warn
from stackferry.translator.minikube.doctor.table import tried
from stackferry.translator.minikube.drivers import VIRTUALBOX, Driver


def default_driver(facts: Facts) -> Driver:
    """VirtualBox if it is installed and works; else a driver that works here; VirtualBox again if none does."""
    if not any(True for _ in _obstacles(facts)):
        return VIRTUALBOX
    return next(alternatives(facts.host), VIRTUALBOX)


def _obstacles(facts: Facts) -> Iterator[Finding]:
    """The findings that keep VirtualBox from starting any machine."""
    asked = replace(facts, driver=VIRTUALBOX)
    for check in (*hypervisor.CHECKS, *acceleration.CHECKS):
        found = tried(check, asked)
        if found is not None and found.verdict == "FAIL":
            yield found


def stands_in(facts: Facts) -> Finding | None:
    """The finding that another driver was chosen because VirtualBox does not work."""
    if facts.is_named or facts.driver.is_virtualbox:
        return None
    why = next((one for one in _obstacles(facts)), None)
    if why is None:
        return None
    return warn(
        f"using {facts.driver.name}, since VirtualBox does not work on this machine: {why.name}: {why.said}",
        f"to have VirtualBox: {why.hint.partition('; or use --driver')[0]}",
    )


CHECKS = (
    Check(
        "driver",
        stands_in,
        "No driver was specified, and VirtualBox, the default, does not work on this machine: another one is used.",
        (
            "Use `--driver NAME`; to see what VirtualBox is missing, run `stackferry doctor --target"
            " minikube --driver virtualbox`."
        ),
    ),
)
