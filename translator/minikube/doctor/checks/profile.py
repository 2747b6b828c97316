"""Checks the profile: readable, and with a machine as requested."""

from collections.abc import Iterator

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import driver
from stackferry.translator.minikube.profile import Profile


def readable(facts: Facts) -> Finding | None:
    """Minikube lists only profiles that it can read."""
    if not facts.minikube.has_folder:
        return None
    profile = facts.profile()
    if profile is None or not profile.is_usable:
        return fail(
            f"minikube has a folder for {facts.cluster}, but cannot read the profile in it",
            f"delete it, with all data in the cluster: minikube delete{facts.arguments}; or use another --cluster",
        )
    return ok(f"{facts.cluster}: {profile.driver}, {profile.kubernetes or 'no Kubernetes'}")


def mismatch(facts: Facts) -> Finding | None:
    """A machine cannot change its driver."""
    profile = facts.profile()
    if profile is None or not profile.driver or driver(profile.driver).name == facts.driver.name:
        return None
    return fail(
        f"{facts.cluster} was created with {profile.driver}, but {facts.driver.name} is requested",
        (
            f"use --driver {profile.driver}, or another --cluster; or delete it, with all its data:"
            f" minikube delete{facts.arguments}"
        ),
        Ending(81, "GUEST_DRIVER_MISMATCH"),
    )


def size(facts: Facts) -> Finding | None:
    """A machine cannot change its size either: minikube warns, exits with 0, and keeps the old one."""
    profile = facts.profile()
    if profile is None:
        return None
    different = list(_differences(facts, profile))
    if not different:
        return None
    said = "; ".join(different)
    return fail(
        f"{facts.cluster} exists, and cannot be changed: {said} (minikube only warns, and exits with 0)",
        f"omit the flag, or use another --cluster; or delete it, with all its data: minikube delete{facts.arguments}",
    )


def _differences(facts: Facts, profile: Profile) -> Iterator[str]:
    for shown, has, asked, unit in (
        ("CPUs", profile.size.cpus, facts.wanted.cpus, ""),
        ("memory", profile.size.memory, facts.wanted.memory, " MB"),
        ("disk", profile.size.disk, facts.wanted.disk, " MB"),
    ):
        if has is not None and asked is not None and has != asked:
            yield f"{shown}: it has {has}{unit}, requested {asked}{unit}"


def known_context(facts: Facts) -> Finding | None:
    """The kubeconfig lacks the context after a change of address, or with another KUBECONFIG."""
    status = known(facts.minikube.status)
    if status is None or status.machine != "Running" or status.kubeconfig != "Misconfigured":
        return None
    return warn(
        f"the kubeconfig does not contain the address of {facts.cluster}",
        f"run minikube update-context{facts.arguments} (`stackferry minikube up` does this too)",
    )


CHECKS = (
    Check(
        "profile-unreadable",
        readable,
        "The folder of the profile exists, but minikube cannot read it.",
        "Run `minikube delete`, or use another `--cluster`.",
    ),
    Check(
        "driver-mismatch",
        mismatch,
        "The cluster was created with another driver.",
        "Use that driver or another `--cluster`, or run `minikube delete`.",
    ),
    Check(
        "size-differs",
        size,
        "`--cpus`, `--memory` or `--disk-size` differs from that of the existing cluster: minikube would ignore it.",
        "Omit it, use another `--cluster`, or run `minikube delete`.",
    ),
    Check(
        "kubeconfig",
        known_context,
        "The kubeconfig does not contain the cluster's address, for example after it changed.",
        "Run `minikube update-context`.",
    ),
)
