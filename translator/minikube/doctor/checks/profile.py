"""The profile: readable, and of a machine that is as it is wanted."""

from collections.abc import Iterator

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import driver
from stackferry.translator.minikube.profile import Profile


def readable(facts: Facts) -> Finding | None:
    """Minikube lists only those that it can read."""
    if not facts.minikube.has_folder:
        return None
    profile = facts.profile()
    if profile is None or not profile.is_usable:
        return fail(
            f"minikube has a folder of {facts.cluster}, and cannot read the profile in it",
            f"minikube delete{facts.arguments} (with all that is in the cluster), or take another --cluster",
        )
    return ok(f"{facts.cluster}: {profile.driver}, {profile.kubernetes or 'no Kubernetes'}")


def mismatch(facts: Facts) -> Finding | None:
    """A machine cannot change its driver."""
    profile = facts.profile()
    if profile is None or not profile.driver or driver(profile.driver).name == facts.driver.name:
        return None
    return fail(
        f"{facts.cluster} was made with {profile.driver}, and {facts.driver.name} is asked for",
        f"--driver {profile.driver}; or another --cluster; or minikube delete{facts.arguments}, with all its data",
        Ending(81, "GUEST_DRIVER_MISMATCH"),
    )


def size(facts: Facts) -> Finding | None:
    """Nor its size: minikube warns, ends with 0, and keeps the old one."""
    profile = facts.profile()
    if profile is None:
        return None
    different = list(_differences(facts, profile))
    if not different:
        return None
    said = "; ".join(different)
    return fail(
        f"{facts.cluster} is made, and cannot be changed: {said} (minikube only warns, and ends with 0)",
        f"leave it out; or another --cluster; or minikube delete{facts.arguments}, with all its data",
    )


def _differences(facts: Facts, profile: Profile) -> Iterator[str]:
    for shown, has, asked, unit in (
        ("CPUs", profile.size.cpus, facts.wanted.cpus, ""),
        ("memory", profile.size.memory, facts.wanted.memory, " MB"),
        ("disk", profile.size.disk, facts.wanted.disk, " MB"),
    ):
        if has is not None and asked is not None and has != asked:
            yield f"{shown}: it has {has}{unit}, wanted {asked}{unit}"


def known_context(facts: Facts) -> Finding | None:
    """After a change of address, or with another KUBECONFIG."""
    status = known(facts.minikube.status)
    if status is None or status.machine != "Running" or status.kubeconfig != "Misconfigured":
        return None
    return warn(
        f"the kubeconfig does not say where {facts.cluster} is",
        f"minikube update-context{facts.arguments} (`stackferry minikube up` does it too)",
    )


CHECKS = (
    Check(
        "profile-unreadable",
        readable,
        "The profile's folder exists, but minikube cannot read it.",
        "`minikube delete`, or another `--cluster`.",
    ),
    Check(
        "driver-mismatch",
        mismatch,
        "The cluster was made with another driver.",
        "Use that driver, another `--cluster`, or `minikube delete`.",
    ),
    Check(
        "size-differs",
        size,
        "`--cpus`, `--memory` or `--disk-size` differs from the cluster's, and minikube would ignore it.",
        "Omit the option, use another `--cluster`, or `minikube delete`.",
    ),
    Check(
        "kubeconfig",
        known_context,
        "The kubeconfig has a wrong address for the cluster, for example after the address changed.",
        "`minikube update-context`.",
    ),
)
