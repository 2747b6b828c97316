"""What a container has used: the value that `Engine.stats` of `protocol.py` gives."""

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a container has used when it was asked. `cpu` in seconds since its start, everything else in bytes.

    `memory` is without the page cache, as `docker stats` counts. The share of a CPU in use is the
    difference of `cpu` by the difference of `at` of two samples.
    """

    at: float
    cpu: float = 0.0
    memory: int = 0
    memory_limit: int = 0
    received: int = 0
    sent: int = 0
    read: int = 0
    written: int = 0
    pids: int = 0
