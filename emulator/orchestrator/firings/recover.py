"""What a manager does first: the history beside the containers that are there. Pure.

The containers are the truth about what was begun, the history about what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from stackferry.emulator.cluster.firing import Firing, History, Phase, Run
from stackferry.emulator.orchestrator.firings.history import created, ended, up_to


class Found(Enum):
    """How a firing's container was found."""

    CREATED = "created"
    """It has never been started."""
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What to do; `history` is to be saved before.

    `create`: decided, and no container is there. `start`: there is one that never ran. `ended`: it ran, and is there
    for its result to be read. `lost`: it was there, is gone, and does not run again; nobody knows how it ended.
    """

    history: History
    create: tuple[Firing, ...] = ()
    start: tuple[Firing, ...] = ()
    ended: tuple[Firing, ...] = ()
    lost: tuple[Firing, ...] = ()

    def __str__(self) -> str:
        kinds = (("create", self.create), ("start ", self.start), ("ended ", self.ended), ("lost  ", self.lost))
        return "".join(f"{kind} {one.name}\n" for kind, firings in kinds for one in firings)


def recover(history: History, found: Mapping[Firing, Found]) -> Recovery:
    """The history put right by what was found: all containers of this job that carry a firing's name.

    A container that the history does not know of (it was lost, or the disk was full) is taken over: its firing and
    all before it of that schedule count as decided. One that ended and was known to is kept for its logs, no more.
    """
    runs = {run.firing for run in history.runs}
    new = {firing: state for firing, state in found.items() if firing not in runs and _is_new(history, firing, state)}
    for firing in new:
        history = _taken_over(history, firing)
    create, lost = [], []
    for run in history.runs:
        if run.firing in found:
            history = created(history, run.firing)
        elif run.phase is Phase.DECIDED:
            create.append(run.firing)
        else:
            lost.append(run.firing)
            history = ended(history, run.firing)
    here = [(run.firing, found[run.firing]) for run in history.runs if run.firing in found]
    over = tuple(firing for firing, state in here if state is Found.ENDED)
    for firing in over:
        history = ended(history, firing)
    start = tuple(firing for firing, state in here if state is Found.CREATED)
    return Recovery(history, tuple(create), start, over, tuple(lost))


def _is_new(history: History, firing: Firing, state: Found) -> bool:
    decided = {one.schedule: one.moment for one in history.considered}.get(firing.schedule)
    known = decided is not None and firing.moment <= decided and firing not in history.queue
    return state is not Found.ENDED or not known


def _taken_over(history: History, firing: Firing) -> History:
    history = up_to(history, firing.schedule, firing.moment)
    queue = tuple(one for one in history.queue if one != firing)
    return replace(history, queue=queue, runs=(*history.runs, Run(firing, Phase.CREATED)))
