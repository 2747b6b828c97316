"""Swarm's templates (`{{.Task.Slot}}`), as both back ends need to know them: what they are made of, and how to fill in.

The names are those of swarmkit's template/context.go.
"""

from collections.abc import Mapping
from typing import Any

from stackferry.grammar.gotemplate import render


def expand(text: str, data: Mapping[str, Any]) -> str:
    """The text with its templates filled in; raises TemplateError."""
    return render(text, data, {"join": join})


def join(separator: str, *parts: str) -> str:
    """Swarm's `join` has the separator first, and the texts one by one."""
    return separator.join(parts)


def sample(service_labels: Mapping[str, str]) -> dict[str, Any]:
    """What the templates of some task see: all names that there are."""
    platform = {"Architecture": "x86_64", "OS": "linux"}
    return {
        "Service": {"ID": "id", "Name": "name", "Labels": dict(service_labels)},
        "Node": {"ID": "id", "Hostname": "host", "Platform": platform},
        "Task": {"ID": "id", "Name": "name", "Slot": "1"},
    }
