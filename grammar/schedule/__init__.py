"""Cron schedules as Kubernetes' CronJob reads them (robfig/cron v3, ParseStandard): text to a frozen value to moments.

`parse` reads a line (`parse.py`), the value gives the moments (`cron.py`), `ScheduleError` says what is wrong and
where in the line. Used for the `jobs` of a compose file by both back ends, so that a job fires at the same moments
here and on a cluster.
"""

from stackferry.grammar.schedule.cron import Calendar, Interval, Schedule
from stackferry.grammar.schedule.error import ScheduleError
from stackferry.grammar.schedule.parse import parse, problems

__all__ = ["Calendar", "Interval", "Schedule", "ScheduleError", "parse", "problems"]
