"""Warns of invalid cron lines and time zones of jobs: compose-go accepts any text, so the stack still loads."""

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics


def warn_of_schedules(root: Node, report: Diagnostics) -> None:
    """Warn of each invalid cron line and time zone."""
    jobs = root.get("jobs")
    for job in jobs.value.values() if jobs is not None else ():
        schedules = job.at(("triggers", "schedule"))
        for schedule in schedules.value if schedules is not None else ():
            _check(schedule, report)


def _check(schedule: Node, report: Diagnostics) -> None:
    # Imported here: most stacks have no job, and parsing a cron line needs time zones.
    from stackferry.grammar.schedule import problems

    cron, timezone = schedule.get("cron"), schedule.get("timezone")
    for error in problems(_text(cron), _text(timezone)):
        node = timezone if error.in_timezone else cron
        report.warning("invalid-schedule", f"no job can run on this schedule: {error}", node and node.span, error.hint)


def _text(node: Node | None) -> str:
    return str(node.value) if node is not None else ""
