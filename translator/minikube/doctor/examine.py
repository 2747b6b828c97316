"""The doctor: collects facts, chooses the driver, and runs every check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor import choice
from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.finding import Finding
from stackferry.translator.minikube.doctor.observe import observe
from stackferry.translator.minikube.doctor.table import findings, tried
from stackferry.translator.minikube.drivers import Driver, driver
from stackferry.translator.minikube.programs import Programs


@dataclass(frozen=True, slots=True)
class Examination:
    """The findings, and the driver that they are about: the named one, the profile's, or the default here."""

    driver: Driver
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings with which nothing should be started."""
        return tuple(one for one in self.findings if one.verdict == "FAIL")


def examine(
    programs: Programs,
    environment: Mapping[str, str],
    profile: str,
    driver_name: str | None = None,
    flags: Sequence[str] = (),
    *,
    default: Callable[[Facts], Driver] = choice.default_driver,
    computer: Computer | None = None,
) -> Examination:
    """All findings before `minikube start` of a profile, in the order of the table.

    `flags` are the flags that the start gets besides our own. `default` chooses a driver if there is neither a name nor
    a profile. Changes nothing and raises nothing: a fact that cannot be had is a finding, too.
    """
    facts = observe(programs, environment, profile, flags, computer or Computer())
    name = driver_name or _of_profile(facts)
    facts = replace(facts, driver=driver(name) if name else default(facts), is_named=bool(name))
    chosen = [found for check in choice.CHECKS if (found := tried(check, facts))]
    return Examination(facts.driver, (*chosen, *findings(facts)))


def _of_profile(facts: Facts) -> str:
    profiles = facts.minikube.profiles
    if isinstance(profiles, Unknown):
        return ""
    return next((one.driver for one in profiles if one.name == facts.cluster), "")
