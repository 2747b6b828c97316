"""Task states: the one-way ladder every task climbs, and the states that can be desired.

Numbers and order as in swarmkit's `api/types.proto`: a task's state only ever increases, so comparing
two states tells which is later. Everything in `emulator/` speaks of tasks in these words.
"""

from enum import IntEnum


class TaskState(IntEnum):
    """Where a task is. NEW to ASSIGNED is the manager's part, ACCEPTED to RUNNING the agent's.

    COMPLETE, SHUTDOWN, FAILED, REJECTED and ORPHANED are ends; REMOVE is only ever desired.
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
    """How an update stands. The names are the API's."""

    UPDATING = 1
    PAUSED = 2
    COMPLETED = 3
    ROLLBACK_STARTED = 4
    ROLLBACK_PAUSED = 5
    ROLLBACK_COMPLETED = 6

    def __str__(self) -> str:
        return self.name.lower()
