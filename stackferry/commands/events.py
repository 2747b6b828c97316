"""`stackferry events`: what happens to the stack's services and tasks, as it happens."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Collection

    from stackferry.emulator.store.store import Event, Store


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

    Services that are created and updated, and the states that tasks pass through. Ends when the stack is removed.
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
    with changing(found) as store:
        _print(store, names, begin, end, as_json=as_json)
    return 0


def _print(store: "Store", names: "Collection[str]", begin: float, end: float, *, as_json: bool) -> None:
    import time

    seen, begun = 0, time.time()
    while True:
        ended = bool(end) and time.time() >= end
        if store.written_by_others():
            for event in store.events(seen):
                seen = event.number
                if event.at >= begin and (not end or event.at <= end) and (not names or _names(event) & set(names)):
                    sys.stdout.write(_line(event, as_json=as_json))
            sys.stdout.flush()
        if begin <= begun:
            # What comes later is later, though the machine's clock be set back meanwhile.
            begin = 0.0
        if ended or not store.path.exists():
            return
        time.sleep(0.1)


def _names(event: "Event") -> set[str]:
    """The services that an event tells of."""
    kind, _, rest = event.text.partition(" ")
    name = rest.partition(" ")[0].rstrip(":")
    return {name.rsplit(".", 2)[0]} if kind == "task" else {name}


def _line(event: "Event", *, as_json: bool) -> str:
    from stackferry.render.durations import timestamp

    if as_json:
        kind, _, rest = event.text.partition(" ")
        data = {"time": timestamp(event.at), "number": event.number, "type": kind, "text": rest}
        return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"
    return f"{timestamp(event.at)} {event.text}\n"
