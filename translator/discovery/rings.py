"""Finds services that may need themselves: those on a cycle of services that name each other.

A cluster whose members look for each other, and a health check that calls the service's own name, become ready only if
they can be reached before that.
"""

from collections.abc import Iterable, Mapping


def rings(by: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The services that may be on a cycle. `by` are the callers of each service.

    Services without callers, or that call nobody, are removed until there are none left: the rest are on a cycle, or
    between two cycles.
    """
    callers = {name: set(found) for name, found in by.items()}
    called: dict[str, set[str]] = {}
    for name, found in callers.items():
        for caller in found:
            called.setdefault(caller, set()).add(name)
    left = set(callers.keys() & called.keys())
    waiting = list((callers.keys() | called.keys()) - left)
    while waiting:
        name = waiting.pop()
        for near, back in ((callers.get(name, ()), called), (called.get(name, ()), callers)):
            for other in near:
                others = back.get(other)
                if others is not None:
                    others.discard(name)
                    if not others and other in left:
                        left.discard(other)
                        waiting.append(other)
    return frozenset(left)
