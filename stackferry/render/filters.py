"""`--filter KEY=VALUE` of docker's lists: one value of a key must match, and all keys must match."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.suggest import did_you_mean

Item = TypeVar("Item")
Test = Callable[[Item, str], bool]
"""Whether an item matches the value of a filter."""


def select(
    items: Iterable[Item],
    filters: Sequence[str] | None,
    tests: Mapping[str, Test[Item]],
    values: Mapping[str, Collection[str]] | None = None,
) -> list[Item]:
    """The items that pass; raises StackferryError for a filter that docker does not know.

    `values` lists the allowed values of a key.
    """
    wanted: dict[str, list[str]] = {}
    for condition in filters or ():
        key, found, value = condition.partition("=")
        key = key.strip().lower()
        if not found:
            raise StackferryError("invalid argument: bad format of filter (expected name=value)", f"not {condition!r}")
        if key not in tests:
            raise StackferryError(f"invalid filter '{key}'", did_you_mean(key, tests) or f"known: {', '.join(tests)}")
        value = value.strip()
        legal = (values or {}).get(key)
        if legal is not None and value.lower() not in legal:
            raise StackferryError(f"invalid {key} filter: '{value}'", f"one of {', '.join(legal)}")
        wanted.setdefault(key, []).append(value)
    return [item for item in items if all(_passes(item, tests[key], them, key=key) for key, them in wanted.items())]


def _passes(item: Item, test: Test[Item], values: list[str], *, key: str) -> bool:
    # All given labels must match (moby api/types/filters MatchKVList); of other keys, one value is enough.
    return (all if key.endswith("label") else any)(test(item, value) for value in values)


def has_label(labels: Mapping[str, str], value: str) -> bool:
    """Whether the labels match `label=key` or `label=key=value`."""
    key, found, text = value.partition("=")
    return key in labels and (not found or labels[key] == text)
