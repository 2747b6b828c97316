"""Firings of jobs and their history, as the store keeps them with their service. Values only.

`orchestrator/firings/` decides by them what fires; none of them is lost if the manager dies.
"""

from datetime import UTC, datetime

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Firing:
    """One moment (whole seconds since 1970) of one schedule of one job, which fires at most once."""

    job: str
    schedule: str
    moment: int

    @property
    def name(self) -> str:
        """The firing as text, for a label: `backup@2026-03-29T01:00:00Z 0 2 * * * Europe/Berlin`."""
        return f"{self.job}@{stamp(self.moment)} {self.schedule}"


def stamp(moment: int) -> str:
    """A moment as text, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Run:
    """A firing whose run has started and has not ended."""

    firing: Firing


@dataclass(frozen=True, slots=True)
class Considered:
    """The last moment (seconds since 1970) of a schedule that was decided on; nothing up to it is decided again.

    `gone`: the job has no such schedule at present. If it comes back, the moments in between do not count as missed.
    """

    schedule: str
    moment: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The history of one job: up to where its schedules were considered, the current runs, and the queue, in order."""

    job: str
    considered: tuple[Considered, ...] = ()
    runs: tuple[Run, ...] = ()
    queue: tuple[Firing, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRun:
    """The outcome of a firing: `result` is complete, failed or skipped; if not complete, `error` says why.

    `moment` and `schedule` are the firing's, `task_id` is the last task of the run, which took `seconds`.
    `count`: the number of firings skipped in a row, of which this is the first.
    """

    moment: int
    schedule: str
    result: str
    task_id: str = ""
    exit_code: int | None = None
    error: str = ""
    count: int = 1
    seconds: float = 0.0
