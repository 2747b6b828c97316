"""A plan as JSON, for scripts."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackferry.emulator.control.plan import Plan, Step


def plan_json(plan: "Plan") -> str:
    """A JSON list with an object per step, one per line."""
    return f"[{','.join(f'{chr(10)}  {json.dumps(_step(step), ensure_ascii=False)}' for step in plan.steps)}\n]\n"


def _step(step: "Step") -> dict[str, object]:
    """One step as an object. A name with a blank is that of a node, network or volume, preceded by its kind."""
    kind, blank, name = step.name.partition(" ")
    return {
        "kind": kind if blank else "service",
        "name": name if blank else step.name,
        "change": step.change.value,
        "text": step.text.rstrip(","),
        "slots": list(step.slots),
        "fields": list(step.fields),
    }
