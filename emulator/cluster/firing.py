"""Firings of jobs and what is known of them, as the store keeps it with their service. Values only.

`orchestrator/firings/` decides by them what fires; nothing of it is lost with a manager.
"""

from datetime import UTC, datetime

from stackferry.grammar.lazy_dataclass import dataclass


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


def stamp(moment: int) -> str:
    """A moment as text, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Run:
    """A firing that was let go and has not ended."""

    firing: Firing


@dataclass(frozen=True, slots=True)
class Considered:
    """The last moment (seconds since 1970) of a schedule on which was decided; nothing up to it is decided again.

    `gone`: the job has no such schedule at present. Should it come back, what passed meanwhile was not missed.
    """

    schedule: str
    moment: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Of one job: up to where its schedules were considered, what is under way, and what waits, in order."""

    job: str
    considered: tuple[Considered, ...] = ()
    runs: tuple[Run, ...] = ()
    queue: tuple[Firing, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRun:
    """What became of a firing: `result` is complete, failed or skipped; then `error` says why.

    `moment` and `schedule` are the firing's, `task_id` is the last task of the run, which took so many `seconds`.
    `count`: so many firings in a row were skipped, of which this is the first.
    """

    moment: int
    schedule: str
    result: str
    task_id: str = ""
    exit_code: int | None = None
    error: str = ""
    count: int = 1
    seconds: float = 0.0
