"""`doctor --target minikube`: whether a cluster can run here. The checks are in `translator/minikube/doctor/`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.doctor.asked import Asked
    from stackferry.doctor.check import Check
    from stackferry.session import Session
    from stackferry.translator.minikube.doctor.finding import Finding


def checks(session: "Session", asked: "Asked") -> "Iterator[Check]":
    """What is found. Without a name, it is the cluster's driver that is asked about, and VirtualBox for a new one.

    `minikube up` takes another driver where VirtualBox does not work; who asks the doctor wants to know why.
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
