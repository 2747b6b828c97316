"""Determines a container's health check: the service's, completed by the HEALTHCHECK of the service's Dockerfile.

Docker merges the two field by field: fields that the compose file omits or sets to zero come from the image.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.container import Workload
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.syntax.quantities import duration
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator.host import Host
from stackferry.translator.image_facts.last_step import last_step

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step

_OFF = Healthcheck(disable=True)
_EMPTY = ((), ("CMD",), ("CMD-SHELL",))
"""Values of `test` that run no command."""


def health_check(service: Workload, host: Host) -> Healthcheck | None:
    """The check, None if there is none, or none that is known on this machine."""
    own = service.healthcheck
    if own is not None and (own.disable or own.test[:1] == ("NONE",)):
        return _OFF
    image = image_check(service, host)
    if own is None or image is None:
        return own or image
    return replace(
        own,
        test=own.test or image.test,
        interval=own.interval or image.interval,
        timeout=own.timeout or image.timeout,
        start_period=own.start_period or image.start_period,
        start_interval=own.start_interval or image.start_interval,
        retries=own.retries or image.retries,
        disable=not own.test and image.disable,
    )


def is_checked(service: Workload, host: Host) -> bool:
    """Whether the service's containers run a check, so that a running container may still be unhealthy."""
    check = health_check(service, host)
    return check is not None and not check.disable and check.test not in _EMPTY


def image_check(service: Workload, host: Host) -> Healthcheck | None:
    """HEALTHCHECK of the service's Dockerfile."""
    step = last_step(service, "HEALTHCHECK", host)
    if step is None or not step.instruction.words:
        return None
    kind, *rest = (word.text for word in step.instruction.words)
    if kind.upper() == "NONE":
        return _OFF
    return Healthcheck(
        test=_test(step, rest),
        interval=_duration(step, "interval"),
        timeout=_duration(step, "timeout"),
        start_period=_duration(step, "start-period"),
        start_interval=_duration(step, "start-interval"),
        retries=_count(step),
    )


def _test(step: "Step", words: list[str]) -> tuple[str, ...]:
    if step.instruction.json is not None:
        return ("CMD", *(word.text for word in step.instruction.json))
    if step.shell.given:
        return ("CMD", *step.shell.words, *words)
    return ("CMD-SHELL", *words)


def _duration(step: "Step", flag: str) -> Duration | None:
    said = step.instruction.flag(flag)
    try:
        return duration(said.value) if said and said.value else None
    except ValueError:
        return None


def _count(step: "Step") -> int | None:
    said = step.instruction.flag("retries")
    return int(said.value) if said and said.value and said.value.isdecimal() and len(said.value) < 10 else None
