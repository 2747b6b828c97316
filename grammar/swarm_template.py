"""Swarm's templates (`{{.Task.Slot}}`) for both back ends: which names they may use, and how to expand them.

The names are those of swarmkit's template/context.go.
"""

from collections.abc import Mapping
from typing import Any

from stackferry.grammar.gotemplate import render


def expand(text: str, data: Mapping[str, Any]) -> str:
    """The text with its templates expanded; raises TemplateError."""
    return render(text, data, {"join": join})


def join(separator: str, *parts: str) -> str:
    """Swarm's `join`: the separator comes first, then each text as an argument of its own."""
    return separator.join(parts)


def sample(service_labels: Mapping[str, str]) -> dict[str, Any]:
    """Sample data for the templates of a task: every name that exists."""
    platform = {"Architecture": "x86_64", "OS": "linux"}
    return {
        "Service": {"ID": "id", "Name": "name", "Labels": dict(service_labels)},
        "Node": {"ID": "id", "Hostname": "host", "Platform": platform},
        "Task": {"ID": "id", "Name": "name", "Slot": "1"},
    }
