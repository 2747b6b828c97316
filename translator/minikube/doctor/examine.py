"""The doctor: observes, chooses the driver that is asked about, and has each check say what it finds."""

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
    """What was found, and of which driver: the one that was named, the profile's, or the default here."""

    driver: Driver
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Those with which nothing should be started."""
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
    """Everything that is to be said before `minikube start` of a profile, in the order of the table.

    `flags` are those that the start gets beside our own. `default` chooses a driver where there is neither a name nor
    a profile. Nothing is changed, and nothing raised: what cannot be had is a finding too.
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
