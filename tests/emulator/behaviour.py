"""How containers of a scenario behave. It is part of their spec: a change of it is a new version."""

from dataclasses import dataclass

from stackferry.emulator.cluster.container import PreStartSpec


@dataclass(frozen=True)
class Behaviour:
    """Times in seconds. `lives` None: for ever. `term`: until it heeds the stop signal; None: never does."""

    version: str = ""
    lives: float | None = None
    exit: int = 0
    term: float | None = 0.0
    term_exit: int = 0
    prepares: float = 0.0
    starts: float = 0.0
    refused: str = ""
    health: tuple[tuple[float, str], ...] = ()
    pre_start: tuple[PreStartSpec, ...] = ()
