"""Who may need itself: the services on a way of names that leads back to its start.

A cluster whose members look for each other, and a health check that calls the service's own name, only become ready if
they can be reached before they are.
"""

from collections.abc import Iterable, Mapping


def rings(by: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The services that can be on such a way. `by` are the callers of each.

    What nobody calls and what calls nobody is taken away until nothing is left to take: what stays is on a ring, or
    between two of them.
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
