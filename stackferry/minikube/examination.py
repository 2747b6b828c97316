"""Runs the doctor before a machine is created or started, and again after a failure, to find what prevents it."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.minikube.place import Place
    from stackferry.session import Session
    from stackferry.translator.minikube.doctor.finding import Finding
    from stackferry.translator.minikube.machine import MachineRequest

_OURS = frozenset(("half-made-machine",))
"""Checks whose remedy we apply ourselves, after confirmation."""
_LAST_START = "last-start"
"""The check of VirtualBox's log of a start; a warning, since another start may succeed."""
_BESIDE = frozenset(("sudo-for-tunnel",))
"""Checks that do not tell whether the stack can run and be reached."""


def examined(session: "Session", place: "Place", request: "MachineRequest") -> str:
    """The driver of the machine. Raises SourceError with everything that prevents it from running.

    Problems with which a machine can still be created are reported.
    """
    from stackferry.translator.minikube.doctor.examine import examine

    found = examine(place.programs, session.environment, place.name, request.driver, request.flags)
    failures = [one for one in found.failures if one.name not in _OURS]
    if failures:
        raise SourceError(_diagnostics(failures))
    session.report(_diagnostics(one for one in found.findings if one.verdict == "warn" and one.name not in _BESIDE))
    return found.driver.name


def causes(session: "Session", place: "Place", request: "MachineRequest") -> list[Diagnostic]:
    """The doctor's findings after a failed start: better than minikube's advice, which only guesses."""
    from stackferry.translator.minikube.doctor.examine import examine

    found = examine(place.programs, session.environment, place.name, request.driver, request.flags)
    return _diagnostics(one for one in found.findings if one.verdict == "FAIL" or _tells_why(one))


def _tells_why(finding: "Finding") -> bool:
    return finding.verdict == "warn" and (finding.name == _LAST_START or finding.name in _OURS)


def _diagnostics(findings: "Iterable[Finding]") -> list[Diagnostic]:
    severities = {"FAIL": Severity.ERROR, "warn": Severity.WARNING}
    return [
        Diagnostic(f"minikube-{one.name}", severities[one.verdict], one.message, None, one.hint) for one in findings
    ]
