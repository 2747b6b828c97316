"""The exception for invalid schedules."""

from stackferry.grammar.diagnostics import StackferryError


class ScheduleError(StackferryError):
    """A cron line or a time zone cannot be used.

    `problem` says what is wrong, `hint` what to write, `column` where in the line the mistake begins, from 1.
    `in_timezone`: the mistake is in the separate time zone, and the column counts there.
    """

    def __init__(self, problem: str, column: int, hint: str = "", *, in_timezone: bool = False) -> None:
        where = "timezone" if in_timezone else "cron"
        super().__init__(f"{where}, column {column}: {problem}", hint)
        self.problem = problem
        self.column = column
        self.in_timezone = in_timezone
