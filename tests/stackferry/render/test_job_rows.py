"""Rows of jobs and of their runs."""

from zoneinfo import ZoneInfo

from stackferry.emulator.cluster.firing import Considered, Firing, History, PastRun, Run
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import Mode, ScheduleSpec, ServiceSpec, TaskTemplate
from stackferry.render.format import listing
from stackferry.render.job_rows import JOBS, RUNS, job_rows, run_rows

ZONE = ZoneInfo("Europe/Berlin")
NOON = 1_774_868_400
"""2026-03-30 13:00 in Berlin, where summer time began the day before."""


def job(*schedules: ScheduleSpec, **known: object) -> Service:
    spec = ServiceSpec("shop_backup", Mode.REPLICATED_JOB, 1, 1, schedules=schedules)
    return Service("s1", spec, **known)  # type: ignore[arg-type]


def shown(service: Service, now: float = NOON) -> str:
    return listing(JOBS, job_rows([service], {"s1": "backup"}, now, ZONE), None, quiet=False)


def test_one_that_never_ran() -> None:
    assert shown(job(ScheduleSpec("30 2 * * *"))) == (
        "NAME      SCHEDULE     LAST RUN   RESULT    NEXT RUN\n"
        "backup    30 2 * * *                        2026-03-31 02:30 (in 14 hours)\n"
    )


def test_how_the_last_run_ended_and_which_schedule_is_next() -> None:
    past = (
        PastRun(NOON - 7200, "0 * * * *", "complete", "t1", 0),
        PastRun(NOON - 3600, "0 * * * *", "failed", "t2", 3),
        PastRun(NOON - 60, "0 * * * *", "skipped", error="a run of the job is in progress"),
    )
    row = job_rows(
        [job(ScheduleSpec("0 5 * * *"), ScheduleSpec("15 20 * * *", "Asia/Tokyo"), past=past)], {"s1": "b"}, NOON, ZONE
    )

    assert row == [
        {
            "Name": "b",
            "Schedule": "0 5 * * *, 15 20 * * * Asia/Tokyo",
            "LastRun": "about an hour ago",
            "Result": "failed (3)",
            "NextRun": "2026-03-30 13:15 (in 15 minutes)",
        }
    ]


def test_what_has_been_decided_does_not_come_again() -> None:
    later = Considered("0 * * * *", NOON + 7200)

    assert "2026-03-30 16:00 (in 3 hours)" in shown(job(ScheduleSpec("0 * * * *"), firings=History("j", (later,))))
    assert "never" in shown(job(ScheduleSpec("0 0 30 2 *")))
    assert "stopped" in shown(job(ScheduleSpec("0 * * * *"), stopped=True))


def test_runs_newest_first() -> None:
    history = History(
        "shop_backup",
        runs=(Run(Firing("shop_backup", "0 * * * *", NOON - 3600)),),
        queue=(Firing("shop_backup", "0 * * * *", NOON),),
    )
    past = (
        PastRun(NOON - 14400, "0 * * * *", "failed", "abcdefghijklmnop", 3, "task: non-zero exit (3)", seconds=95.0),
        PastRun(NOON - 10800, "0 * * * *", "skipped", error="missed", count=2),
    )
    service = job(ScheduleSpec("0 * * * *"), firings=history, past=past, iteration=4)
    task = Task("t4", "s1", 0, TaskTemplate(), iteration=4, created_at=NOON - 3600.0)

    rows = run_rows(Cluster(services={"s1": service}, tasks={"t4": task}), service, NOON, ZONE)

    assert listing(
        RUNS, rows, "{{.ID}}|{{.Moment}}|{{.Result}}|{{.ExitCode}}|{{.Duration}}|{{.Error}}", quiet=False
    ).splitlines() == [
        "|2026-03-30 13:00|waiting|||",
        "t4|2026-03-30 12:00|running||about an hour|",
        "|2026-03-30 10:00|skipped x2|||missed",
        "abcdefghijkl|2026-03-30 09:00|failed|3|about a minute|task: non-zero exit (3)",
    ]
