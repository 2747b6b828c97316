"""The effect of `--force` on findings: minikube's own validations become warnings, and so do our conclusions."""

from dataclasses import replace

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.finding import Finding


def unless_forced(facts: Facts, found: Finding) -> Finding:
    """A FAIL inferred from this computer alone, not from VBoxManage's output, as a warning if `--force` is set."""
    return replace(found, verdict="warn") if facts.wanted.force else found
