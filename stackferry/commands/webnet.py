"""`stackferry webnet`: the load-balanced network at work, task by task."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Format, SomeServices
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from ipaddress import IPv4Address

    from stackferry.emulator.cluster.objects import Task
    from stackferry.emulator.webnet.gate import Gate
    from stackferry.emulator.webnet.traffic_stats import TrafficStats

    Kept = set[tuple[IPv4Address, str]]

INTERVAL = 1.0


@verb
def webnet(
    session: Session,
    services: SomeServices = None,
    form: Format = None,
    no_stream: Annotated[bool, Option("--no-stream", help="Show one result, then stop.")] = False,
) -> int:
    """Show how connections are balanced among tasks, live.

    SEES tells whether the tasks behind published ports see the client's own address or that of the gate. They see
    the gate's for clients on this machine's 127.0.0.1 and in containers, for the first moments of a task, and
    always with --strict-swarm; `doctor` names further reasons. Idle connections are not cut. When a manager starts,
    it reads other time-outs from its environment, in seconds: STACKFERRY_TCP_IDLE (by default the kernel's: five
    days), STACKFERRY_UDP_IDLE (300), and STACKFERRY_TCP_TIME_WAIT for TCP connections that have ended (70).
    STACKFERRY_WEBNET=plain works without NET_ADMIN: names resolve to the healthy tasks in turn, and published TCP
    ports are relayed. This is also what happens where NET_ADMIN or nf_tables is refused. STACKFERRY_WEBNET=off
    leaves networking to the engine.
    """
    import time

    from stackferry.emulator.cluster.labels import GATE, HELPER, STACK
    from stackferry.emulator.webnet.gate import Gate
    from stackferry.engine import connect
    from stackferry.lookup.containers import running_tasks
    from stackferry.render.format import listing
    from stackferry.render.webnet_rows import SHAPE, webnet_rows

    engine = connect(session)
    live = session.redraws(error_stream=False) and not no_stream and not form
    found, tasks = running_tasks(session, services)
    gates_only = (one for one in engine.containers({STACK: found.stack, GATE: ""}) if HELPER not in one.labels)
    names = [info.name for info in gates_only if info.running]
    if not names:
        session.note(f"no gates of {found.stack} are running: there is no load balancing")
        return 0
    gates = [Gate(engine, found.stack, name, "", {}) for name in names]
    try:
        (before, _), at = _look(gates, tasks), time.monotonic()
        while True:
            time.sleep(INTERVAL)
            found, tasks = running_tasks(session, services)
            (after, kept), now = _look(gates, tasks), time.monotonic()
            text = listing(SHAPE, webnet_rows(found.cluster, tasks, before, after, now - at, kept), form)
            sys.stdout.write(f"\033[H\033[2J{text}" if live else text)
            sys.stdout.flush()
            if no_stream or not live:
                return 0
            before, at = after, now
    finally:
        for gate in gates:
            gate.close()


def _look(gates: "Sequence[Gate]", tasks: "Sequence[Task]") -> "tuple[Mapping[str, TrafficStats], Kept]":
    """What all gates have carried, by task id, and which tasks see clients. One that is away has carried nothing."""
    from stackferry.emulator.webnet.traffic_stats import counters, figures, of_task, returning
    from stackferry.grammar.diagnostics import StackferryError

    seen = []
    kept: Kept = set()
    for gate in gates:
        try:
            seen.append(figures(gate.flows(), counters(gate.counters())))
            kept |= returning(gate.returning())
        except StackferryError:
            continue
    return {task.id: of_task(task, seen) for task in tasks}, kept
