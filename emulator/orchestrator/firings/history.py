"""How the history of a job's firings changes. Pure."""

from dataclasses import replace
from datetime import datetime

from stackferry.emulator.cluster.firing import Considered, Firing, History
from stackferry.emulator.orchestrator.firings.trigger import Job


def begun(job: Job, now: datetime) -> History:
    """The history of a new job: only moments later than now count."""
    return known(History(job.name), job, int(now.timestamp()))


def known(history: History, job: Job, now: int) -> History:
    """The history with a record for every schedule of the job; a new or returning schedule begins now."""
    keys = list(dict.fromkeys(trigger.key for trigger in job.triggers))
    old = {one.schedule: one for one in history.considered}
    records = [_record(old.get(key), key, now) for key in keys]
    past = [replace(one, gone=True) for one in history.considered if one.schedule not in keys]
    return replace(history, considered=(*records, *past))


def _record(old: Considered | None, key: str, now: int) -> Considered:
    if old is None:
        return Considered(key, now)
    return Considered(key, max(old.moment, now)) if old.gone else old


def up_to(history: History, schedule: str, moment: int) -> History:
    """The history after a decision on a schedule's moments up to `moment`; it never goes back."""
    others = tuple(one for one in history.considered if one.schedule != schedule)
    old = next((one for one in history.considered if one.schedule == schedule), None)
    new = Considered(schedule, max(moment, old.moment if old else moment), old.gone if old else True)
    return replace(history, considered=(*others, new))


def ended(history: History, firing: Firing) -> History:
    """The history once the firing's run has ended, whatever its result."""
    return replace(history, runs=tuple(run for run in history.runs if run.firing != firing))
