"""Operations: what to ask of the engine. Made by `lifecycle.py`, shown by `plan`, carried out by `agent/executor.py`.

An operation is about one task and may take several engine calls. Its text form is the line that plans, logs and
tests show: `start web.2.x6k… (desired running)`.
"""

from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass


class Verb(Enum):
    """What to do for a task: its container is created, started, reconnected, stopped or removed.

    An init container runs before that.
    """

    PREPARE = "prepare"
    PRE_START = "pre-start"
    START = "start"
    CONNECT = "connect"
    SHUTDOWN = "shutdown"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` is the task's, `cause` the reason for the operation.

    `drain` and `grace` are seconds, both for SHUTDOWN; a drain of None: the whole stack ends, and no connection is
    worth waiting for. `step`: the init container to run. `ended_step`: id or name of an init container to remove.
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
        """Whether it mostly waits: for the container, or for the engine to clean up after it."""
        return self.verb in (Verb.SHUTDOWN, Verb.REMOVE)

    def __str__(self) -> str:
        return f"{self.verb.value} {self.name} ({self.cause})"
