"""Generated cron lines and start times: valid, odd and broken ones, around every kind of clock change."""

from datetime import UTC, datetime, timedelta
from random import Random

from tests.cron.peer import Question

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Asia/Tehran",
    "Africa/Cairo",
    "America/Havana",
    "Europe/Dublin",
    "Antarctica/Troll",
    "Pacific/Chatham",
    "Africa/Monrovia",
    "Europe/Amsterdam",
)
CHANGES = (
    # Moments near which a clock changed, or the calendar does something rare.
    "2024-03-31T01:00",
    "2024-10-27T01:00",
    "2026-03-08T07:00",
    "2026-11-01T06:00",
    "2025-04-05T15:00",
    "2025-10-04T15:30",
    "2011-12-30T10:00",
    "2012-04-01T14:00",
    "2018-11-04T03:00",
    "2017-10-15T03:00",
    "2019-02-17T02:00",
    "2024-03-10T02:00",
    "2024-04-14T02:00",
    "2026-02-15T02:00",
    "2023-04-27T22:00",
    "2022-03-21T20:30",
    "2024-02-29T00:00",
    "2023-12-31T23:59",
    "2096-02-28T23:00",
    "2099-12-31T23:00",
    "1996-02-29T12:00",
    "1972-01-07T00:44",
    "1937-06-30T23:40",
    "2037-10-25T01:00",
    "2043-03-29T01:00",
)
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
MONTHS = ("jan", "FEB", "Mar", "apr", "MAY", "jun", "jul", "aug", "sep", "oct", "Nov", "dec")
DAYS = ("sun", "MON", "Tue", "wed", "thu", "fri", "sat")
NAMED = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
EVERY = ("1h30m", "1s", "90m", "1.5h", "100ms", "-3m", "0", "36h", "1h1m1s", "2.75s", "1000000us", ".5m", "+7m")
ODD = ("", ",", "?", "*-5", "*/1", "?/2", "+5", "5/", "/5", "-", "1--2", "1-2-3", "1/2/3", "60", "7", "99", "-1", "0x1")
ODD += ("L", "1W", "5#2", "monday", "jan-mar", "sun-sat", "fri-mon", "*/0", "*/100", "00", "007", "1,,2", "１", "FRİ")
ODD += ("*/-0", "*/+2", "9223372036854775807", "9223372036854775808", "*/9223372036854775807", "1_0", "5-5", "MON/2")
BREAKS = (" ", "\t", ",", "/", "-", "*", "@", "TZ=", "=", "\u00a0", "\x1c", "7", "0", "?", "")


class Maker:
    """Made-up questions, by chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def question(self) -> Question:
        """A line that is mostly right, after a moment near a change of a clock or anywhere in 80 years."""
        count = self.chance.choice((1, 3, 12))
        return Question(self.line(), self.chance.choice(ZONES), self.at(), count)

    def line(self) -> str:
        """A cron line."""
        draw = self.chance.random()
        if draw < 0.04:
            line = self.chance.choice(NAMED)
        elif draw < 0.07:
            line = f"@every {self.chance.choice(EVERY)}"
        else:
            line = " ".join(self.field(place) for place in range(5))
        if self.chance.random() < 0.15:
            line = f"{self.chance.choice(('TZ=', 'CRON_TZ='))}{self.chance.choice(ZONES)} {line}"
        return line

    def field(self, place: int) -> str:
        """One field: what people write, and one in fifty odd."""
        if self.chance.random() < 0.02:
            return self.chance.choice(ODD)
        if self.chance.random() < (0.3, 0.25, 0.5, 0.6, 0.5)[place]:
            return self.chance.choice(("*", "*", "*", "?", "*/1", "*/2"))
        return ",".join(self.part(place) for _ in range(self.chance.choice((1, 1, 1, 2, 3))))

    def part(self, place: int) -> str:
        """A number, a range or a step."""
        least, most = BOUNDS[place]
        low, high = sorted((self.chance.randint(least, most), self.chance.randint(least, most)))
        step = self.chance.choice((2, 3, 5, 7, 10, 15, 40))
        text = self.number(place, low)
        until = f"{text}-{self.number(place, high)}"
        return self.chance.choice((text, text, text, until, f"{until}/{step}", f"*/{step}", f"{text}/{step}"))

    def number(self, place: int, number: int) -> str:
        """A number, or its name where it has one."""
        names = {3: ("", *MONTHS), 4: DAYS}.get(place)
        return names[number] if names and self.chance.random() < 0.4 else str(number)

    def at(self) -> int:
        """A moment, in nanoseconds since 1970."""
        if self.chance.random() < 0.7:
            near = datetime.fromisoformat(self.chance.choice(CHANGES)).replace(tzinfo=UTC)
            day = timedelta(days=1).total_seconds()
            seconds = int(near.timestamp()) + int(self.chance.uniform(-1, 1) ** 3 * self.chance.choice((day, 40 * day)))
        else:
            seconds = self.chance.randint(0, 2_500_000_000)
        rough = self.chance.random() < 0.5
        return (seconds - seconds % 60 if rough else seconds) * 10**9 + (0 if rough else self.chance.randrange(10**9))

    def broken(self) -> str:
        """A line with something put in, taken out or exchanged; now and then whole."""
        line = self.line()
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            at = self.chance.randrange(len(line) + 1)
            line = line[:at] + self.chance.choice(BREAKS) + line[at + self.chance.randint(0, 2) :]
        return line
