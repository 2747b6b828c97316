"""When a CronJob starts its Jobs: its fields for an entry of `triggers.schedule`.

Kubernetes keeps no list of due times. Its controller looks for the last due time since the last start, and starts a Job
unless that time is older than `startingDeadlineSeconds`, or, with `Forbid`, waits until the run in progress has ended.
So without a deadline one run makes up for all missed ones, and one run waits for a run that takes too long; a deadline
prevents both.
"""

from stackferry.grammar.compose.model.job import Schedule
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes, Path

DEADLINE = 10
"""Seconds by which a start may be late if missed runs are skipped: the least that Kubernetes recommends.

The emulator allows a minute; a minute here would also start a run late that was due during another run.
"""
MINUTE, HOURS = 60, 24
"""Seconds of a minute, hours of a day."""


def timing(said: Schedule, path: Path, notes: Notes) -> Body | None:
    """`schedule` and the related fields; None, with a note, if no CronJob can be made of it."""
    # Most stacks have no job, and parsing a cron line loads the time zones.
    from stackferry.grammar.schedule import parse, problems
    from stackferry.grammar.schedule.kubernetes import refusal

    zone = said.timezone or ""
    found = problems(said.cron, zone)
    for error in found:
        key = "timezone" if error.in_timezone else "cron"
        notes.action((*path, key), "kubernetes-schedule", f"no CronJob can run on this schedule: {error}", error.hint)
    if found:
        return None
    line = said.cron
    if parse(line, zone).names_zone:
        name, _, line = line.partition(" ")
        zone = name.partition("=")[2] or "UTC"
        notes.fine((*path, "cron"), "kubernetes-zone-in-line", "the time zone in the schedule becomes timeZone")
    why = refusal(line, zone)
    if why:
        notes.action((*path, "timezone" if said.timezone else "cron"), "kubernetes-schedule", why)
        return None
    _note_moments(line, zone, (*path, "cron"), notes)
    return {
        "schedule": line,
        **({"timeZone": zone} if zone else {}),
        "concurrencyPolicy": "Forbid",
        **_deadline(said, path, notes),
    }


def _deadline(said: Schedule, path: Path, notes: Notes) -> Body:
    """`startingDeadlineSeconds`, and notes on the two keys for which it stands."""
    queue, skip = said.concurrency == "queue", said.missed_fires == "skip"
    where: Path = (*path, "concurrency")
    if skip and not queue:
        message = f"a run is skipped if the previous one is in progress, unless that finishes within {DEADLINE} s"
        notes.fine(where, "kubernetes-concurrency", message)
        return {"startingDeadlineSeconds": DEADLINE}
    if queue:
        notes.fine(where, "kubernetes-concurrency", "queue: at most one run waits, as with Forbid")
    else:
        notes.approximated(
            where,
            "kubernetes-concurrency",
            "a run is not skipped if the previous one is in progress: it starts when that has finished",
            "set missed_fires: skip to skip it",
        )
    where = (*path, "missed_fires")
    if skip:
        notes.approximated(
            where,
            "kubernetes-missed-fires",
            "one run makes up for missed runs: a CronJob cannot distinguish these from a queued run",
        )
    elif said.missed_fires:
        notes.fine(where, "kubernetes-missed-fires", "one run makes up for all missed runs")
    return {}


def _note_moments(line: str, zone: str, path: Path, notes: Notes) -> None:
    """Notes on the due times of the line itself."""
    from stackferry.grammar.schedule import Interval, parse

    rule = parse(line).rule
    if isinstance(rule, Interval):
        # A Job is named after the minute in which it is due.
        if rule.seconds < MINUTE:
            message = f"a CronJob starts at most one Job per minute, not one every {rule.seconds} s"
            notes.action(path, "kubernetes-often", message, "loop in the container, with sleep")
        return
    every_hour = len(rule.hour.matching) == HOURS
    if not zone and not (every_hour and rule.day.star and rule.month.star and rule.weekday.star):
        notes.approximated(
            path,
            "kubernetes-job-time-zone",
            "in the time zone of the cluster's controller manager, usually UTC; locally in that of the machine",
            "set timezone, for example to Europe/Berlin",
        )
