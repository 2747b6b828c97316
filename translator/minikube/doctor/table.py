"""The table of all checks, in the order of the report: prerequisites come first."""

from collections.abc import Iterator
from dataclasses import replace

from stackferry.translator.minikube.doctor.checks import (
    acceleration,
    host,
    host_only,
    hypervisor,
    last_start,
    machine,
    node,
    profile,
    tools,
)
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError
from stackferry.translator.minikube.doctor.finding import Check, Finding, warn

PARTS: dict[str, tuple[Check, ...]] = {
    "minikube": tools.CHECKS,
    "VirtualBox": hypervisor.CHECKS,
    "Virtualization": acceleration.CHECKS,
    "The host-only network": host_only.CHECKS,
    "The profile": profile.CHECKS,
    "The machine": (*machine.CHECKS, *last_start.CHECKS),
    "This computer": host.CHECKS,
    "The node": node.CHECKS,
}
"""By subject, as on the page of all checks."""
CHECKS = tuple(one for part in PARTS.values() for one in part)


def findings(facts: Facts) -> Iterator[Finding]:
    """The finding of each check that applies to the driver. A check that could not be tried says why."""
    for check in CHECKS:
        if check.virtualbox and not facts.driver.is_virtualbox:
            continue
        found = tried(check, facts)
        if found is not None:
            yield found


def tried(check: Check, facts: Facts) -> Finding | None:
    """The finding of one check, with its name."""
    try:
        found = check.look(facts)
    except NotTriedError as error:
        found = warn(f"not tried: {error}")
    return replace(found, name=check.name) if found is not None else None
