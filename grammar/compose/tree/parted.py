"""Text that a blank behind its colon made a mapping: `- 80: 80`, `- echo: done`.

To YAML it is all well; whoever finds a mapping where text is wanted takes the hint from here.
"""

from collections.abc import Collection

from stackferry.grammar.compose.tree.node import Node


def pair_of(entry: Node) -> tuple[str, str] | None:
    """The two sides of the colon; None if the entry is no mapping of one scalar."""
    if type(entry.value) is not dict or len(entry.value) != 1:
        return None
    ((name, child),) = entry.value.items()
    return None if type(child.value) in (dict, list) else (name, scalar(child.value))


def scalar(value: object) -> str:
    """A scalar as one would type it."""
    if value is None:
        return ""
    return str(value).lower() if type(value) is bool else str(value)


def without_blank(entry: Node, known: Collection[str]) -> str:
    """What to type where the short form has no blank, `- 80:80`; empty if the key is one of `known`."""
    pair = pair_of(entry)
    if pair is None or pair[0] in known:
        return ""
    return (
        f"remove the space after the colon: - {pair[0]}:{pair[1]}"
        if pair[1]
        else f"remove the colon at the end: - {pair[0]}"
    )
