"""Checks minikube itself: installed, of a tested version, and with a folder that is ours."""

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.host import numbers
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn

OLDEST = (1, 37)
"""The first version that knows the version of Kubernetes that we request."""


def installed(facts: Facts) -> Finding:
    """Nothing works without minikube."""
    if facts.minikube.program is None:
        return fail("minikube is not on the PATH", "install it: https://minikube.sigs.k8s.io/docs/start")
    return ok(facts.minikube.program)


def version(facts: Facts) -> Finding | None:
    """An older minikube refuses a Kubernetes that is newer than itself."""
    if facts.minikube.program is None:
        return None
    said = known(facts.minikube.version)
    if numbers(said.removeprefix("v")) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return warn(
            said,
            (f"update it to {oldest} or later: it may not support the version of Kubernetes that stackferry requests"),
        )
    return ok(said)


def home(facts: Facts) -> Finding:
    """A folder that `sudo minikube` created belongs to root."""
    folder = known(facts.host.folder)
    if folder.is_writable:
        return ok(f"{facts.minikube.home} is writable, or will be once it is created")
    return fail(
        f"you cannot write to {folder.path}",
        f"run sudo chown -R $USER {folder.path}, or set MINIKUBE_HOME to a folder that you own",
        Ending(37, "HOST_HOME_PERMISSION"),
    )


CHECKS = (
    Check(
        "minikube-installed",
        installed,
        "minikube is not on the `PATH`.",
        "Install it: <https://minikube.sigs.k8s.io/docs/start>.",
    ),
    Check(
        "minikube-version",
        version,
        "minikube is older than 1.37, and may not support the version of Kubernetes that stackferry requests.",
        "Update minikube.",
    ),
    Check(
        "minikube-home",
        home,
        "minikube's folder is not writable, for example after `sudo minikube`.",
        "Run `sudo chown -R $USER ~/.minikube`, or set `MINIKUBE_HOME`.",
    ),
)
