"""The resource usage of a container: the value of `Engine.stats` in `protocol.py`."""

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """A container's usage at one moment. `cpu` in seconds since its start, everything else in bytes.

    `memory` excludes the page cache, as in `docker stats`. The share of a CPU in use is the difference of `cpu` divided
    by the difference of `at` of two samples.
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
