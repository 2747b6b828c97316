"""A plan as JSON: kinds by themselves, and what is read by programs."""

import json

import pytest

from stackferry.emulator.control.plan import Change, Plan, Step
from stackferry.render.plan import plan_json


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (Step(Change.KEEP, "volume shop_data", "is there"), ("volume", "shop_data", "keep")),
        (Step(Change.REMOVE, "node node-2", "drained"), ("node", "node-2", "remove")),
        (Step(Change.SCALE, "shop_web", "scale from 1 to 2"), ("service", "shop_web", "scale")),
    ],
    ids=str,
)
def test_a_step(step: Step, found: tuple[str, str, str]) -> None:
    (entry,) = json.loads(plan_json(Plan((step,))))

    assert (entry["kind"], entry["name"], entry["change"]) == found


def test_slots_and_fields() -> None:
    step = Step(Change.REPLACE, "web", "replace web.1, start-first, 1 at a time,", ("web.1",), ("image", "env"))

    (entry,) = json.loads(plan_json(Plan((step,))))

    assert (entry["text"], entry["slots"], entry["fields"]) == (
        "replace web.1, start-first, 1 at a time",
        ["web.1"],
        ["image", "env"],
    )


def test_an_empty_plan() -> None:
    assert json.loads(plan_json(Plan())) == []
