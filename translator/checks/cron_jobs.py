"""Checks CronJobs: schedules and time zones that the API accepts, and Jobs that end."""

from stackferry.translator.checks.complaint import Complaints, pod_of
from stackferry.translator.manifest.manifests import Manifest

_POLICIES = ("Allow", "Forbid", "Replace")


def check_cron_jobs(manifests: tuple[Manifest, ...]) -> Complaints:
    """Check every CronJob, and the restart policy of everything that runs to completion."""
    for manifest in manifests:
        if manifest.kind in ("Job", "CronJob") and pod_of(manifest)["restartPolicy"] == "Always":
            yield manifest, "check-restart", f"a {manifest.kind} ends"
        if manifest.kind == "CronJob":
            yield from _timing(manifest)


def _timing(manifest: Manifest) -> Complaints:
    # Most stacks have no job, and parsing a cron line loads the time zones.
    from stackferry.grammar.schedule import problems
    from stackferry.grammar.schedule.kubernetes import refusal

    spec = manifest.body["spec"]
    line, zone = spec["schedule"], spec.get("timeZone", "")
    wrong = [str(error) for error in problems(line, zone)] or [refusal(line, zone)]
    for text in filter(None, wrong):
        yield manifest, "check-schedule", text
    if "timeZone" in spec and not zone:
        yield manifest, "check-schedule", "the time zone has no name"
    if spec.get("concurrencyPolicy", "Allow") not in _POLICIES:
        yield manifest, "check-concurrency", f"unknown policy {spec['concurrencyPolicy']}"
    if spec.get("startingDeadlineSeconds", 10) < 10:
        yield manifest, "check-deadline", "below 10 seconds, runs may be missed even if the cluster works"
