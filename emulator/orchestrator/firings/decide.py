"""What fires now, what waits, what is skipped and why, and when to look again. Pure; see `__init__.py` for the order.

`forbid` and `queue` apply to the job: it does not matter which schedule, or who by hand, started the current run. A
schedule fires at most once per look: if several of its moments are due, nobody was there to see them one by one, and
all but the last are missed: the machine slept, no manager ran, or the clock was set.
"""

from dataclasses import replace
from datetime import datetime, tzinfo
from enum import Enum

from stackferry.emulator.cluster.firing import Firing, History, Run
from stackferry.emulator.orchestrator.firings.due import Due, due, following
from stackferry.emulator.orchestrator.firings.history import known, up_to
from stackferry.emulator.orchestrator.firings.trigger import Concurrency, Job, MissedFires, Trigger
from stackferry.grammar.lazy_dataclass import dataclass

PUNCTUAL = 60
"""Seconds by which a firing may be late without being missed: cron's own unit, and enough to restart a manager."""


class Reason(Enum):
    """Why a firing does not run."""

    OVERLAP = "a run of the job is in progress"
    MISSED = "missed, and missed fires are skipped"
    MADE_UP = "missed, and covered by one later run"
    FULL = "the queue is full"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A firing that does not run, and the following ones, `count` in all; if not `exact`, there may be more."""

    firing: Firing
    reason: Reason
    count: int = 1
    exact: bool = True

    def __str__(self) -> str:
        more = f" and {self.count - 1}{'' if self.exact else ' or more'} after it" if self.count > 1 else ""
        return f"{self.firing.name}{more}: {self.reason.value}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do. Save `history` before doing any of it.

    `next_look`: when the next moment comes, in the zone of `now`; None: never. `behind`: seconds by which the clock is
    behind the last moment decided on; the clock was set back, and nothing fires again until it has caught up.
    """

    history: History
    start: tuple[Firing, ...] = ()
    queued: tuple[Firing, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    next_look: datetime | None = None
    behind: int = 0

    def __str__(self) -> str:
        lines = [f"start {one.name}" for one in self.start]
        lines += [f"queue {one.name}" for one in self.queued]
        lines += [f"skip  {one}" for one in self.skipped]
        lines += [f"the clock is {self.behind} s behind the last firing" for _ in range(self.behind > 0)]
        lines.append(f"next  {self.next_look.isoformat() if self.next_look else 'never'}")
        return "".join(f"{line}\n" for line in lines)


def decide(job: Job, history: History, now: datetime, *, busy: bool = False) -> Decision:
    """The decision at `now`, an aware time of day. `busy`: a run that somebody started by hand is under way.

    `now` is in the platform's time zone (with its daylight-saving rules, not a fixed offset), which is used for
    schedules without a zone of their own. If the clock was set back, nothing fires until it has caught up; if it was
    set ahead, the moments in between were missed.
    """
    zone = now.tzinfo
    if zone is None:
        raise ValueError("a time of day without a time zone")
    at = int(now.timestamp())
    draft = _Draft(known(history, job, at), free=not (history.runs or busy))
    draft.next_in_queue()
    found = [
        (one.last, place, trigger, one)
        for place, trigger in enumerate(_different(job))
        if (one := due(trigger.schedule, draft.considered(trigger.key), at, zone))
    ]
    for _, _, trigger, moments in sorted(found, key=lambda one: one[:2]):
        draft.consider(trigger, moments, at)
    return draft.decision(job, at, zone)


def _different(job: Job) -> list[Trigger]:
    """The schedules without duplicates: a line that is written twice is one schedule."""
    found: dict[str, Trigger] = {}
    for trigger in job.triggers:
        found.setdefault(trigger.key, trigger)
    return list(found.values())


class _Draft:
    """A decision under construction."""

    def __init__(self, history: History, *, free: bool) -> None:
        self.history = history
        self.free = free
        self.start: list[Firing] = []
        self.queued: list[Firing] = []
        self.skipped: list[Skipped] = []

    def considered(self, key: str) -> int:
        return next(one.moment for one in self.history.considered if one.schedule == key)

    def next_in_queue(self) -> None:
        if self.free and self.history.queue:
            first, *rest = self.history.queue
            self.history = replace(self.history, queue=tuple(rest))
            self._let_go(first)

    def consider(self, trigger: Trigger, moments: Due, at: int) -> None:
        """Decide on the due moments of one schedule."""
        job, key = self.history.job, trigger.key
        self.history = up_to(self.history, key, moments.last)
        first, last = (Firing(job, key, moment) for moment in (moments.first, moments.last))
        late = at - moments.last > PUNCTUAL
        if late and trigger.missed_fires is MissedFires.SKIP:
            self.skipped.append(Skipped(first, Reason.MISSED, moments.count, moments.exact))
            return
        if moments.count > 1:
            skip = trigger.missed_fires is MissedFires.SKIP
            reason = Reason.MISSED if skip else Reason.MADE_UP
            self.skipped.append(Skipped(first, reason, moments.count - 1, moments.exact))
        self._fire(trigger, last)

    def _fire(self, trigger: Trigger, firing: Firing) -> None:
        waiting = len(self.history.queue)
        if self.free:
            self._let_go(firing)
        elif trigger.concurrency is Concurrency.FORBID:
            self.skipped.append(Skipped(firing, Reason.OVERLAP))
        elif trigger.queue_limit is not None and waiting >= trigger.queue_limit:
            self.skipped.append(Skipped(firing, Reason.FULL))
        else:
            self.queued.append(firing)
            self.history = replace(self.history, queue=(*self.history.queue, firing))

    def _let_go(self, firing: Firing) -> None:
        self.free = False
        self.start.append(firing)
        self.history = replace(self.history, runs=(*self.history.runs, Run(firing)))

    def decision(self, job: Job, at: int, zone: tzinfo) -> Decision:
        coming = [following(one.schedule, self.considered(one.key), zone) for one in job.triggers]
        first = min((one for one in coming if one is not None), default=None)
        look = None if first is None else datetime.fromtimestamp(first, zone)
        behind = max((self.considered(one.key) - at for one in job.triggers), default=0)
        return Decision(self.history, tuple(self.start), tuple(self.queued), tuple(self.skipped), look, max(behind, 0))
