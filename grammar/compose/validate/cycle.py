"""Cycles in a dependency graph; linear in its size."""

from collections.abc import Mapping, Sequence


def find_cycle(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """One cycle as a list of names, the first repeated at the end; empty if there is none.

    Depth first over an explicit stack: a chain may be longer than Python's recursion limit.
    """
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        trail: list[str] = [start]
        places: dict[str, int] = {start: 0}
        stack = [iter(graph[start])]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                name = trail.pop()
                del places[name]
                done.add(name)
            elif step in places:
                return [*trail[places[step] :], step]
            elif step in graph and step not in done:
                places[step] = len(trail)
                trail.append(step)
                stack.append(iter(graph[step]))
    return []
