"""Cron schedules as Kubernetes' CronJob reads them (robfig/cron v3, ParseStandard).

`parse` turns a line into a frozen value (`parse.py`), which computes start times (`cron.py`); `ScheduleError` says
what is wrong and where in the line. Both back ends use it for the `jobs` of a compose file, so that a job starts at
the same times here and on a cluster.
"""

from stackferry.grammar.schedule.cron import Calendar, Interval, Schedule
from stackferry.grammar.schedule.error import ScheduleError
from stackferry.grammar.schedule.parse import parse, problems

__all__ = ["Calendar", "Interval", "Schedule", "ScheduleError", "parse", "problems"]
