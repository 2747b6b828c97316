"""Text that became a mapping because of a blank after its colon: `- 80: 80`, `- echo: done`.

This is valid YAML; phases that find a mapping where they expect text take the hint from here.
"""

from collections.abc import Collection

from stackferry.grammar.compose.tree.node import Node


def pair_of(entry: Node) -> tuple[str, str] | None:
    """Key and value as text; None unless the entry is a mapping of one key to a scalar."""
    if type(entry.value) is not dict or len(entry.value) != 1:
        return None
    ((name, child),) = entry.value.items()
    return None if type(child.value) in (dict, list) else (name, scalar(child.value))


def scalar(value: object) -> str:
    """A scalar as a user would type it."""
    if value is None:
        return ""
    return str(value).lower() if type(value) is bool else str(value)


def without_blank(entry: Node, known: Collection[str]) -> str:
    """What to type for a short form without the blank, `- 80:80`; empty if the key is one of `known`."""
    pair = pair_of(entry)
    if pair is None or pair[0] in known:
        return ""
    return (
        f"remove the space after the colon: - {pair[0]}:{pair[1]}"
        if pair[1]
        else f"remove the colon at the end: - {pair[0]}"
    )
