"""Operations: what the engine is asked to do. Made by `lifecycle.py`, printed by `plan`, walked by `agent/executor.py`.

One operation is about one task and may take several calls to the engine. Its text form is the line that
plans, logs and tests show: `start web.2.x6k… (desired running)`.
"""

from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass


class Verb(Enum):
    """What is done for a task: its container is made, started, connected again, ended or removed.

    An init container is run before.
    """

    PREPARE = "prepare"
    PRE_START = "pre-start"
    START = "start"
    CONNECT = "connect"
    SHUTDOWN = "shutdown"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` is the task's, `cause` why it is done.

    `drain` and `grace` in seconds, both for SHUTDOWN; a drain of None: all of the stack goes, and nobody's
    connections are worth a wait. `step`: the init container to run. `ended_step`: the id or name of one that goes with
    what is done.
    """

    verb: Verb
    task_id: str
    name: str
    cause: str
    container_id: str = ""
    drain: float | None = 0.0
    grace: float = 10.0
    signal: str = ""
    step: int = -1
    ended_step: str = ""

    @property
    def waits(self) -> bool:
        """Whether most of its time is waiting: for the container, or for the engine to tidy up after it."""
        return self.verb in (Verb.SHUTDOWN, Verb.REMOVE)

    def __str__(self) -> str:
        return f"{self.verb.value} {self.name} ({self.cause})"
