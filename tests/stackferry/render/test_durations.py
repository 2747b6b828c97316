"""`durations.py`, `stackferry/render/columns.py`, `filters.py`, sizes: how docker writes numbers and sorts names."""

import pytest

from stackferry.render.columns import columns, natural
from stackferry.render.durations import exact, human, timestamp
from stackferry.render.pretty import binary, decimal


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "Less than a second"), (1, "1 second"), (59.9, "59 seconds"), (60, "About a minute"),
        (119, "About a minute"),
        (120, "2 minutes"), (3599, "59 minutes"), (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"),
        (47 * 3600, "47 hours"), (48 * 3600, "2 days"), (13 * 86400, "13 days"), (14 * 86400, "2 weeks"),
        (59 * 86400, "8 weeks"), (60 * 86400, "2 months"), (729 * 86400, "24 months"), (731 * 86400, "2 years"),
    ],
)  # fmt: skip
def test_human(seconds, text):
    assert human(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (1.5, "1.5s"), (90, "1m30s"), (7200, "2h0m0s"), (0.5, "500ms"), (0.0000015, "1.5µs"), (2e-9, "2ns")],
)
def test_exact(seconds, text):
    assert exact(seconds) == text


def test_moment():
    assert timestamp(0) == "1970-01-01T00:00:00Z"
    assert timestamp(1_700_000_000.25) == "2023-11-14T22:13:20.25Z"


def test_natural_order():
    names = ["web.10", "web.2", "web", "api.1", "web.02"]

    assert sorted(names, key=natural) == ["api.1", "web", "web.2", "web.02", "web.10"]


def test_columns():
    assert columns([("A", "NAME"), ("a longer one", "x")]) == "A              NAME\na longer one   x\n"
    assert columns([]) == ""


def test_sizes():
    assert [binary(size) for size in (0, 1023, 5 << 20, 1536)] == ["0B", "1023B", "5MiB", "1.5KiB"]
    assert [decimal(size) for size in (0, 999, 1500, 3_000_000)] == ["0B", "999B", "1.5kB", "3MB"]
