"""A job as its firings are decided on: its schedules, parsed. Values only."""

from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.schedule import Schedule


class Concurrency(Enum):
    """What happens to a firing while a run of the job is under way (`schedule[].concurrency`)."""

    FORBID = "forbid"
    QUEUE = "queue"


class MissedFires(Enum):
    """What happens to moments that no manager saw (`schedule[].missed_fires`)."""

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
        """What tells a job's schedules apart: line and time zone. A changed line is a new schedule and begins anew."""
        return f"{self.schedule.text} {self.schedule.timezone}".rstrip()


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its name (which has no `@`) and its schedules, in the order of the file."""

    name: str
    triggers: tuple[Trigger, ...]
