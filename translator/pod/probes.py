"""Health checks as probes.

Docker's health check only marks a container; nothing restarts it. So it becomes a readiness
probe, never a liveness probe. A start period becomes a startup probe, which gives way to the
readiness probe at the first success, as Docker's start period does. A failed startup probe
restarts the container, so this one never fails: its threshold is two thousand million. Docker would
mark the container unhealthy after the start period and `retries` failures; the pod is not ready either way.
"""

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator.health.health_checks import health_check
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.quantities import whole_seconds
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack

_SECOND = 1_000_000_000
INTERVAL = Duration(30 * _SECOND)
TIMEOUT = Duration(30 * _SECOND)
START_INTERVAL = Duration(5 * _SECOND)
RETRIES = 3
MOST = 2**31 - 1
"""Docker's defaults; those of Kubernetes (10 s, 1 s, 3) differ, so ours are always written out. `MOST` is the
largest number that a probe's fields hold."""

_TIMES = ("interval", "timeout", "start_period", "start_interval")


def probes(service: Service, stack: Stack, notes: Notes) -> Body:
    """`readinessProbe` and `startupProbe` of the container; empty if the service has no check."""
    check = health_check(service, stack.host)
    if check is None or check.disable:
        return {}
    path = ("services", service.name, "healthcheck")
    if service.healthcheck is None or (check.test and not service.healthcheck.test):
        notes.fine(
            path if service.healthcheck else path[:2],
            "kubernetes-image-healthcheck",
            "the readiness probe is the HEALTHCHECK of its Dockerfile",
        )
    if not check.test:
        notes.action(
            path,
            "kubernetes-image-healthcheck",
            "times without a test: the HEALTHCHECK of the image is unknown, so there is no probe",
            "repeat the image's test in the compose file",
        )
        _note_unused(check, path, notes)
        return {}
    command = _command(check.test)
    if not command:
        notes.action((*path, "test"), "kubernetes-empty-healthcheck", "the test has no command; there is no probe")
        _note_unused(check, path, notes)
        return {}
    _note_rounding(check, path, notes)
    interval = whole_seconds(check.interval or INTERVAL)
    retries = check.retries or RETRIES
    timeout = whole_seconds(check.timeout or TIMEOUT)
    found: Body = {"readinessProbe": _probe(command, interval, timeout, retries)}
    if check.start_period:
        pause = whole_seconds(check.start_interval or START_INTERVAL)
        found["startupProbe"] = _probe(command, pause, timeout, MOST)
    elif check.start_period is not None:
        notes.fine((*path, "start_period"), "kubernetes-no-start-period", "none: no startup probe")
    return found


def _command(test: tuple[str, ...]) -> list[str]:
    match test:
        case ("CMD-SHELL", *lines) if lines:
            return ["/bin/sh", "-c", *(literal(line) for line in lines)]
        case ("CMD", *words):
            return [literal(word) for word in words]
        case ("CMD-SHELL",):
            return []
    return [literal(word) for word in test]


def _probe(command: list[str], period: int, timeout: int, failures: int) -> Body:
    return {
        "exec": {"command": list(command)},
        "periodSeconds": min(period, MOST),
        "timeoutSeconds": min(timeout, MOST),
        "failureThreshold": min(failures, MOST),
    }


def _note_unused(check: Healthcheck, path: tuple[str, ...], notes: Notes) -> None:
    """Keys beside a test that makes no probe have no effect anywhere."""
    for key in (*_TIMES, "retries"):
        if getattr(check, key) is not None:
            notes.approximated((*path, key), "kubernetes-no-probe", "not applied: there is no probe")


def _note_rounding(check: Healthcheck, path: tuple[str, ...], notes: Notes) -> None:
    for key in _TIMES:
        value: Duration | None = getattr(check, key)
        if value and whole_seconds(value) > MOST:
            notes.approximated((*path, key), "kubernetes-longest-time", f"the maximum for a probe is {MOST} s")
        elif value and int(value) % _SECOND:
            notes.approximated(
                (*path, key),
                "kubernetes-rounded-up",
                f"{value} becomes {whole_seconds(value)} s on Kubernetes, which only supports whole seconds",
            )
