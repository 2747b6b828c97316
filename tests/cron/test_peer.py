"""Cron lines against robfig/cron v3: the same lines refused, the same times, around every clock change."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

import pytest

from stackferry.grammar.schedule import ScheduleError, parse
from tests.cron.made_up import BREAKS, EVERY, NAMED, ODD, ZONES, Maker
from tests.cron.peer import Answer, Question, ask

REFUSED = Answer(refused="so")
SKIPPED_DAY = (
    # Searches that cross a day which a zone left out; robfig/cron goes round in circles there for ever.
    Question("0 0 31 12 *", "Pacific/Apia", int(datetime(2011, 12, 20, tzinfo=UTC).timestamp()) * 10**9),
    Question("0 0 25 8 *", "Pacific/Kwajalein", int(datetime(1993, 8, 1, tzinfo=UTC).timestamp()) * 10**9),
)


def ours(question: Question) -> Answer:
    try:
        schedule = parse(question.line)
    except ScheduleError:
        return REFUSED
    seconds, nanoseconds = divmod(question.at, 10**9)
    at = datetime.fromtimestamp(seconds, ZoneInfo(question.zone)).replace(microsecond=nanoseconds // 1000)
    return Answer(tuple(int(one.timestamp()) for one in islice(schedule.moments(at), question.count)))


def differences(questions: Sequence[Question]) -> list[tuple[Question, Answer, Answer]]:
    """Where the two do not agree: the question, ours, the peer's. Why a line is refused is each one's own."""
    return [
        (question, found, theirs)
        for question, theirs in zip(questions, ask(questions), strict=True)
        if (found := ours(question)) != (REFUSED if theirs.refused else theirs) and not theirs.hangs
    ]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_the_same_moments(seed):
    maker = Maker(Random(seed))
    questions = [maker.question() for _ in range(1000 if seed == 1 else 8000)]

    assert differences(questions) == []


def test_the_same_lines_are_refused():
    maker = Maker(Random(4))
    lines = [maker.broken() for _ in range(1500)]
    lines += [f"{one} * * * *" for one in ODD] + [f"* * * {one} *" for one in ODD] + [f"* * * * {one}" for one in ODD]
    lines += [f"@every {one}{other}" for one in EVERY for other in (*BREAKS, "h", "9223372036854775808ns", "1d", ".s")]
    lines += [f"{one}{other}" for one in NAMED for other in BREAKS]
    lines += ["TZ=UTC", "TZ=", "TZ= * * * * *", "TZ=Local @daily", "TZ=europe/Berlin @daily", "TZ=Europe @daily"]
    lines += ["CRON_TZ=../UTC @daily", "TZ=/UTC @daily", "TZ=zone.tab @daily", "TZ=UTC/ @daily", "TZ=./UTC @daily"]
    lines += ["TZ=Asia//Tokyo @daily", "TZ=Asia/Tokyo\t@daily", "TZ=Asia/Tokyo   @daily ", " TZ=UTC @daily", " @daily"]
    questions = [Question(line, "Europe/Berlin", 1_700_000_000 * 10**9, 2) for line in lines]

    assert differences(questions) == []
    refused = sum(bool(one.refused) for one in ask(questions))
    assert 0.2 < refused / len(questions) < 0.9, "neither all right nor all wrong, else this shows little"


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_every_change(zone):
    """Lines that fire in the hours in which clocks change, from each third year of sixty."""
    lines = ("30 2 * * *", "0 0 * * *", "15 */1 * * *", "59 23 * * SUN", "0 1,3 * 3,10,11 0", "*/20 0-3 1-7 * 6,0")
    years = range(1985, 2045, 3) if zone != "Pacific/Apia" else range(2012, 2045, 3)
    questions = [
        Question(line, zone, int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 10**9, 12)
        for year in years
        for month in (2, 3, 9, 10)
        for line in lines
    ]

    assert differences(questions) == []


@pytest.mark.slow
@pytest.mark.parametrize("question", SKIPPED_DAY, ids=lambda one: one.zone)
def test_a_day_that_is_left_out_does_not_hang_as_theirs_does(question):
    assert ask([question])[0].hangs

    (found,) = ours(question).moments
    moment = datetime.fromtimestamp(found, ZoneInfo(question.zone))
    assert (moment.hour, moment.minute) == (0, 0)
    assert f"{moment.day} {moment.month}" == " ".join(question.line.split()[2:4])
