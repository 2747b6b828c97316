"""`doctor --target minikube`: checks whether a cluster can run here. Checks: `translator/minikube/doctor/`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.doctor.asked import Asked
    from stackferry.doctor.check import Check
    from stackferry.session import Session
    from stackferry.translator.minikube.doctor.finding import Finding


def checks(session: "Session", asked: "Asked") -> "Iterator[Check]":
    """Check the driver: by default the existing cluster's, and VirtualBox for a new cluster.

    `minikube up` uses another driver if VirtualBox does not work; the doctor's report says why it does not.
    """
    from stackferry.translator.minikube.doctor.examine import examine
    from stackferry.translator.minikube.drivers import VIRTUALBOX
    from stackferry.translator.minikube.flags import merged, remembered
    from stackferry.translator.minikube.profile import folder
    from stackferry.translator.minikube.programs import HostPrograms

    environment = session.environment
    flags = merged(remembered(folder(environment, asked.cluster)), asked.flags)
    found = examine(
        HostPrograms(environment), environment, asked.cluster, asked.driver, flags, default=lambda _: VIRTUALBOX
    )
    yield from map(check, found.findings)


def check(found: "Finding") -> "Check":
    """A finding as a line of the report."""
    from stackferry.doctor.check import Check

    return Check(found.name, found.verdict, found.message, found.hint)
