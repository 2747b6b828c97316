"""Delays a task's stop signal for clients that are connected to it. For `controller.py`; runs in an executor.

The task first leaves the rotation of every gate; then it has two seconds, or until no flow is left.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from stackferry.emulator.cluster.operation import Operation
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.gate_worker import LOOK
from stackferry.grammar.diagnostics import StackferryError

OUT = 8.0
"""Seconds that an ending task waits for gates that still send it connections."""

DRAIN = 2.0
"""Seconds, at most, between a task's leaving the rotation and its stop signal, as in a swarm."""


class Draining(Protocol):
    """A gate with its worker (`gate_worker.py`)."""

    error: StackferryError | None
    wanted: GateState | None
    in_force: GateState | None

    def has(self, task_id: str) -> bool:
        """Whether new connections may still go to a task."""

    def busy(self, task_id: str, after: float) -> bool:
        """Whether a draining task still had flows at a look after the given moment."""


def drain(
    operation: Operation,
    gates: Sequence[Draining],
    news: threading.Condition,
    closing: threading.Event,
    strict: Callable[[], bool],
) -> None:
    """Wait until a task may get its stop signal: out of every rotation, and no flow left or two seconds over.

    The two seconds begin when it is out of rotation, which takes a while on a busy machine or with a new manager.
    `news` is notified when a gate has changed. A `strict` stack waits for the whole two seconds.
    """
    if operation.drain is None and not strict():
        return
    concerned = [one for one in gates if one.has(operation.task_id) or _drains(one, operation.task_id)]
    if not concerned:
        closing.wait(operation.drain or 0.0)
        return
    with news:
        news.wait_for(
            lambda: closing.is_set() or not any(one.has(operation.task_id) and one.error is None for one in concerned),
            OUT,
        )
    after = time.monotonic()
    end = after + DRAIN
    # Ask each time: a new deployment may have changed it.
    whole = strict()
    while not closing.is_set() and time.monotonic() < end:
        if not whole and not any(one.busy(operation.task_id, after) for one in concerned):
            return
        closing.wait(max(0.0, min(LOOK, end - time.monotonic())))


def _drains(gate: Draining, task_id: str) -> bool:
    return any(
        task.task_id == task_id
        for state in (gate.wanted, gate.in_force)
        if state is not None
        for task in state.draining
    )
