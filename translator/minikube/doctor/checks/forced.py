"""What `--force` does to a verdict: minikube's own validations become warnings with it, and so do our conclusions."""

from dataclasses import replace

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.finding import Finding


def unless_forced(facts: Facts, found: Finding) -> Finding:
    """A FAIL that follows from this computer alone, and not from what VBoxManage says, as a warning if it is forced."""
    return replace(found, verdict="warn") if facts.wanted.force else found
