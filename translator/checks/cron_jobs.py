"""CronJobs: schedules and time zones that the API takes, and Jobs that end."""

from stackferry.translator.checks.complaint import Complaints, pod_of
from stackferry.translator.manifest.manifests import Manifest

_POLICIES = ("Allow", "Forbid", "Replace")


def check_cron_jobs(manifests: tuple[Manifest, ...]) -> Complaints:
    """Every CronJob, and of all that run to their end what restarts them."""
    for one in manifests:
        if one.kind in ("Job", "CronJob") and pod_of(one)["restartPolicy"] == "Always":
            yield one, "check-restart", f"a {one.kind} ends"
        if one.kind == "CronJob":
            yield from _timing(one)


def _timing(one: Manifest) -> Complaints:
    # Most stacks have no job, and to read a cron line takes time zones.
    from stackferry.grammar.schedule import problems
    from stackferry.grammar.schedule.kubernetes import refusal

    spec = one.body["spec"]
    line, zone = spec["schedule"], spec.get("timeZone", "")
    wrong = [str(error) for error in problems(line, zone)] or [refusal(line, zone)]
    for text in filter(None, wrong):
        yield one, "check-schedule", text
    if "timeZone" in spec and not zone:
        yield one, "check-schedule", "a time zone has a name"
    if spec.get("concurrencyPolicy", "Allow") not in _POLICIES:
        yield one, "check-concurrency", f"no policy is called {spec['concurrencyPolicy']}"
    if spec.get("startingDeadlineSeconds", 10) < 10:
        yield one, "check-deadline", "below 10 seconds a moment may be missed although all runs"
