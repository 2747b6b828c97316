"""Task states, through which every task goes in one direction, and the states that can be desired.

Numbers and order are those of swarmkit's `api/types.proto`: a task's state only ever increases, so comparing
two states tells which is later. All of `emulator/` uses these terms for tasks.
"""

from enum import IntEnum


class TaskState(IntEnum):
    """The state of a task. The manager sets NEW to ASSIGNED, the agent ACCEPTED to RUNNING.

    COMPLETE, SHUTDOWN, FAILED, REJECTED and ORPHANED are final; REMOVE is only ever desired.
    """

    NEW = 0
    PENDING = 64
    ASSIGNED = 192
    ACCEPTED = 256
    PREPARING = 320
    READY = 384
    STARTING = 448
    RUNNING = 512
    COMPLETE = 576
    SHUTDOWN = 640
    FAILED = 704
    REJECTED = 768
    REMOVE = 800
    ORPHANED = 832

    def __str__(self) -> str:
        return self.name.lower()


class UpdateState(IntEnum):
    """The state of an update. The names are the API's."""

    UPDATING = 1
    PAUSED = 2
    COMPLETED = 3
    ROLLBACK_STARTED = 4
    ROLLBACK_PAUSED = 5
    ROLLBACK_COMPLETED = 6

    def __str__(self) -> str:
        return self.name.lower()
