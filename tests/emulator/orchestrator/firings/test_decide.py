"""Decisions as text: each folder of fixtures/firings has a job, its history and some times to evaluate."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stackferry.emulator.orchestrator.firings import (
    Concurrency,
    History,
    Job,
    MissedFires,
    Trigger,
    begun,
    decide,
    ended,
)
from stackferry.grammar.schedule import parse

CASES = Path(__file__).parents[4] / "fixtures" / "firings"
ZONE = ZoneInfo("Europe/Berlin")


def trigger(words: str) -> Trigger:
    """`0 2 * * * | Europe/Berlin | queue skip limit=1`."""
    line, zone, options = (part.strip() for part in words.split("|"))
    made = Trigger(parse(line, zone))
    for option in options.split():
        if option in ("forbid", "queue"):
            made = replace(made, concurrency=Concurrency(option))
        elif option in ("one", "skip"):
            made = replace(made, missed_fires=MissedFires(option))
        else:
            made = replace(made, queue_limit=int(option.removeprefix("limit=")))
    return made


def moment(text: str) -> datetime:
    """A time of day in Berlin, or with the offset that it says."""
    found = datetime.fromisoformat(text)
    return found.astimezone(ZONE) if found.tzinfo else found.replace(tzinfo=ZONE)


def played(text: str) -> str:
    """The decisions of a case: `job` and `drop`, then `begin`, `at` (a look), `busy` (with a run by hand), `end`."""
    triggers: list[Trigger] = []
    history = History("")
    told = []
    for line in filter(None, text.splitlines()):
        word, _, rest = line.partition(" ")
        if word == "job":
            triggers.append(trigger(rest))
            continue
        job = Job("backup", tuple(triggers))
        if word == "drop":
            triggers = [one for one in triggers if one.schedule.text != rest]
        elif word == "begin":
            history = begun(job, moment(rest))
        elif word == "end":
            for run in history.runs:
                history = ended(history, run.firing)
        else:
            decision = decide(job, history, moment(rest), busy=word == "busy")
            history = decision.history
            told.append(f"{line}\n{decision}")
    return "\n".join(told)


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_decisions(case, golden):
    golden(CASES / case / "decisions.txt", played((CASES / case / "looks.txt").read_text(encoding="utf-8")))


def test_what_is_decided_is_not_decided_again():
    job = Job("backup", (trigger("*/5 * * * * | | queue"), trigger("0 * * * * | UTC | forbid")))
    now = moment("2026-06-01T12:00:00")
    first = decide(job, begun(job, moment("2026-06-01T11:00:30")), now)
    again = decide(job, first.history, now)

    assert first.start
    assert (again.start, again.queued, again.skipped, again.history) == ((), (), (), first.history)


def test_a_time_without_a_zone():
    job = Job("backup", ())

    with pytest.raises(ValueError, match="without a time zone"):
        decide(job, History("backup"), moment("2026-06-01T12:00").replace(tzinfo=None))
