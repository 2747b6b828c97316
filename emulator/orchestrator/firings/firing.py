"""What fires: a job with its schedules, and one firing of it, whose name its container carries. Values only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Self

from stackferry.grammar.schedule import Schedule


class Concurrency(Enum):
    """What becomes of a firing while a run of the job is under way (`schedule[].concurrency`)."""

    FORBID = "forbid"
    QUEUE = "queue"


class MissedFires(Enum):
    """What becomes of moments at which nobody was there (`schedule[].missed_fires`)."""

    ONE = "one"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One schedule of a job. `queue_limit`: how many firings may wait at most; None: any number."""

    schedule: Schedule
    concurrency: Concurrency = Concurrency.FORBID
    missed_fires: MissedFires = MissedFires.ONE
    queue_limit: int | None = None

    @property
    def key(self) -> str:
        """What tells a job's schedules apart: line and time zone. Another line is another schedule, and begins anew."""
        return f"{self.schedule.text} {self.schedule.timezone}".rstrip()


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its name (which has no `@`) and its schedules, in the order of the file."""

    name: str
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class Firing:
    """One moment (whole seconds since 1970) of one schedule of one job: what may happen once."""

    job: str
    schedule: str
    moment: int

    @property
    def name(self) -> str:
        """The firing as text, for a label: `backup@2026-03-29T01:00:00Z 0 2 * * * Europe/Berlin`."""
        return f"{self.job}@{stamp(self.moment)} {self.schedule}"

    @classmethod
    def named(cls, name: str) -> Self:
        """The firing of that name. Raises `ValueError` if there is none."""
        job, _, rest = name.partition("@")
        moment, space, schedule = rest.partition(" ")
        if not space:
            raise ValueError(f"not the name of a firing: {name!r}")
        return cls(job, schedule, int(datetime.fromisoformat(moment).timestamp()))


def stamp(moment: int) -> str:
    """A moment as text, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
