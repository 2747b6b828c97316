"""Where a stack declares containers: the sections whose entries the phases treat alike.

A service, a job and a `pre_start` entry have most of their keys in common. The phases write their tables for
one container and `for_each` copies them to all sections, as compose-go does with its own.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")

WORKLOADS = ("services", "jobs")
"""Sections whose entries run by themselves."""

WORKLOAD_PATHS = tuple(f"{section}.*" for section in WORKLOADS)
CONTAINER_PATHS = (*WORKLOAD_PATHS, "services.*.pre_start.*")


def for_each(paths: Iterable[str], rules: Mapping[str, T]) -> dict[str, T]:
    """The rules, whose keys are relative paths, placed below each of the paths."""
    return {f"{path}.{key}": rule for path in paths for key, rule in rules.items()}
