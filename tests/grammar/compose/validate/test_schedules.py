"""Invalid cron lines load, and are reported with their spans."""

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory

FILE = """services: {}
jobs:
  tick:
    image: a
    triggers:
      schedule:
        - cron: CRON
          timezone: ZONE
        - 0 2 * * *
"""


def warned(cron: str, zone: str) -> list[str]:
    memory = Memory({"compose.yaml": FILE.replace("CRON", cron).replace("ZONE", zone)}, "/s")
    found = load(Request(), files=memory, environment={})
    assert found.project.jobs["tick"].triggers.schedule[0].cron
    return [f"{one.span.line}:{one.span.column}: {one.code}: {one.message}" for one in found.diagnostics if one.span]


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("'* * * * *'", "Europe/Berlin", []),
        ("'@daily'", "''", []),
        ("'* * * *'", "UTC", ["7:17: invalid-schedule: no job can run on this schedule: cron, column"]),
        (
            "'61 * * * *'",
            "Mars",
            ["7:17: invalid-schedule", "8:21: invalid-schedule: no job can run on this schedule: timezone"],
        ),
        ("soon", "UTC", ["7:17: invalid-schedule"]),
        ("'CRON_TZ=Asia/Tokyo 0 5 * * *'", "UTC", ["7:17: invalid-schedule"]),
    ],
)
def test_what_cannot_be_read(cron: str, zone: str, expected: list[str]) -> None:
    found = warned(cron, zone)

    assert [one[: len(begin)] for one, begin in zip(found, expected, strict=True)] == expected
