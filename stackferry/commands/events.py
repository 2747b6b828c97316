"""`stackferry events`: what happens to the stack's services, tasks and nodes, as it happens.

As lines, or as JSON with the keys of docker compose and those of the event's data form (docs/events.md).
"""

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from stackferry.emulator.cluster.event import Event
    from stackferry.emulator.store.store import Entry, Store


@verb
def events(
    session: Session,
    services: SomeServices = None,
    since: Annotated[
        str | None, Option("--since", metavar="TIME", help="Include events since a time: 42m, 2013-01-02….")
    ] = None,
    until: Annotated[str | None, Option("--until", metavar="TIME", help="Stop at a time.")] = None,
    no_follow: Annotated[bool, Option("--no-follow", help="Print all recorded events, then stop.")] = False,
    as_json: Annotated[bool, Option("--json", help="Print each event as a line of JSON.")] = False,
) -> int:
    """Stream what happens in the stack.

    Services and nodes that are created, updated and removed, and the states that tasks pass through. Ends when the
    stack is removed.
    """
    import time

    from stackferry.lookup.lookup import of_stack
    from stackferry.lookup.stacks import changing
    from stackferry.options.times import point_in_time

    found, wanted = of_stack(session, services)
    names = frozenset(one.spec.name for one in wanted) if services else frozenset()
    now = time.time()
    begin, end = point_in_time(since, now), point_in_time(until, now)
    if no_follow:
        end = end or now
    elif not since and not end:
        begin = now
    shown = partial(_json, f"{found.stack}_") if as_json else _line
    with changing(found) as store:
        _print(store, names, begin, end, shown)
    return 0


def _print(store: "Store", names: "Collection[str]", begin: float, end: float, shown: "Callable[[Entry], str]") -> None:
    import time

    seen, begun = 0, time.time()
    while True:
        ended = bool(end) and time.time() >= end
        if store.written_by_others():
            for entry in store.events(seen):
                seen = entry.number
                if entry.at >= begin and (not end or entry.at <= end) and (not names or entry.event.service in names):
                    sys.stdout.write(f"{shown(entry)}\n")
            sys.stdout.flush()
        if begin <= begun:
            # What comes later is later, though the machine's clock be set back meanwhile.
            begin = 0.0
        if ended or not store.path.exists():
            return
        time.sleep(0.1)


def _line(entry: "Entry") -> str:
    from stackferry.render.durations import timestamp

    return f"{timestamp(entry.at)} {entry.event}"


def _json(prefix: str, entry: "Entry") -> str:
    """The data form with what docker compose's has besides. Services are called as in the compose file."""
    import json

    from stackferry.emulator.cluster.event import data
    from stackferry.render.durations import timestamp

    found = {"time": timestamp(entry.at), "number": entry.number, **data(entry.event)}
    found.pop("line", None)
    if "service" in found:
        found["service"] = found["service"].removeprefix(prefix)
    if attributes := _attributes(entry.event):
        found["attributes"] = attributes
    found["text"] = str(entry.event).removeprefix(f"{entry.event.type} ")
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def _attributes(event: "Event") -> dict[str, str]:
    """What docker's own events have of the same kind, under its names."""
    from stackferry.emulator.cluster.event import FormerEvent, ServiceEvent, TaskEvent

    if isinstance(event, FormerEvent):
        return {}
    found = {"name": event.name}
    if isinstance(event, TaskEvent) and event.exit_code is not None:
        found["exitCode"] = str(event.exit_code)
    if isinstance(event, ServiceEvent) and event.state is not None:
        found["updatestate.new"] = str(event.state)
    return found
