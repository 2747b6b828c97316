"""CronJobs of a job: one for each schedule, or a suspended one."""

from stackferry.grammar.compose.model.job import Schedule
from stackferry.translator import Options
from stackferry.translator.notes import Kind
from tests.translator.making import body_of, codes, compose_job, ids, note, translated

DAILY = Schedule("@daily", "UTC", missed_fires="skip")
HOURLY = Schedule("@hourly", "UTC", missed_fires="skip")


def test_a_run_that_fails_is_over() -> None:
    spec = body_of(translated(jobs={"nightly": compose_job("nightly", DAILY)}), "CronJob/nightly")["spec"]

    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert "suspend" not in spec


def test_a_job_without_a_schedule_waits_to_be_started() -> None:
    found = translated(jobs={"nightly": compose_job()}, options=Options(namespace="shop"))

    spec = body_of(found, "CronJob/nightly")["spec"]
    assert (spec["suspend"], spec["schedule"]) == (True, "0 0 1 1 *")
    told = note(found, "manual-job")
    assert (told.kind, told.path) == (Kind.APPROXIMATED, ("jobs", "nightly"))
    assert told.hint == "kubectl create job -n shop nightly-1 --from=cronjob/nightly"


def test_the_command_is_told_of_a_job_with_a_schedule_too() -> None:
    told = note(translated(jobs={"nightly": compose_job("nightly", DAILY, manual=True)}), "manual-job")

    assert (told.kind, told.path) == (Kind.EXACT, ("jobs", "nightly", "triggers", "manual"))


def test_several_schedules_do_not_see_each_other() -> None:
    found = translated(jobs={"nightly": compose_job("nightly", DAILY, HOURLY, DAILY)})

    assert ids(found.objects) == ["CronJob/nightly", "CronJob/nightly-2"]
    assert note(found, "several-schedules").path == ("jobs", "nightly", "triggers", "schedule", 1)
    assert note(found, "same-schedule").path == ("jobs", "nightly", "triggers", "schedule", 2)
    labels = [each.body["metadata"]["labels"]["app.kubernetes.io/name"] for each in found.objects]
    assert labels == ["nightly", "nightly"]


def test_a_line_that_nobody_can_read_is_left_out() -> None:
    found = translated(jobs={"nightly": compose_job("nightly", Schedule("soon"), HOURLY)})

    assert ids(found.objects) == ["CronJob/nightly-2"]
    assert codes(found) == ["schedule"]


def test_without_one_that_can_be_read_it_is_suspended() -> None:
    found = translated(jobs={"nightly": compose_job("nightly", Schedule("soon"))})

    assert body_of(found, "CronJob/nightly")["spec"]["suspend"] is True
    assert codes(found) == ["schedule", "manual-job"]
