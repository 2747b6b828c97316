"""Due times: a few are counted one by one, many are not, and the last one is correct nevertheless."""

from datetime import UTC, datetime

import pytest

from stackferry.emulator.orchestrator.firings.due import due
from stackferry.grammar.schedule import parse


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("line", "last", "count"),
    [
        ("@every 90s", "2026-06-01T11:58:30", 350_399),
        ("* * * * *", "2026-06-01T11:59:00", 1000),
        ("*/5 3 * * *", "2026-06-01T03:55:00", 1000),
        ("* * 1 1,2 *", "2026-02-01T23:59:00", 1000),
        ("0 0 1 * *", "2026-06-01T00:00:00", 12),
    ],
)
def test_a_year(line, last, count):
    found = due(
        parse(line),
        seconds("2025-06-01T11:58:30") + 60 * (line == "@every 90s") - 60,
        seconds("2026-06-01T11:59:10"),
        UTC,
    )

    assert found is not None
    assert datetime.fromtimestamp(found.last, UTC).isoformat() == f"{last}+00:00"
    assert found.count >= count
    assert found.exact is (count != 1000)


def test_none():
    assert due(parse("0 0 30 2 *"), 0, seconds("2026-06-01T12:00"), UTC) is None
    assert due(parse("@every 5m"), 1000, 1299, UTC) is None
    assert due(parse("0 0 1 1 *"), seconds("2026-06-01T12:00"), seconds("2025-06-01T12:00"), UTC) is None
