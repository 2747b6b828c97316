"""How a container of the fake engine behaves. `fake.FakeEngine` takes a table of behaviours."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.emulator.engine.protocol import ExecResult
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Times in seconds.

    `lives`: until it exits by itself with `exit`; None: for ever. `term`: from the stop signal until it exits
    with `term_exit`; None: it ignores the signal. `prepares` and `starts`: how long those calls take.
    `refused`, `start_refused`: the engine's words for refusing to create or start it. `health`: results of its health
    check, as (seconds after the start, starting|healthy|unhealthy). `says`: its output, as (stdout or stderr, line).
    `answers`: the output of commands run inside, by the command's words joined with blanks.
    """

    lives: float | None = None
    exit: int = 0
    term: float | None = 0.0
    term_exit: int = 0
    prepares: float = 0.0
    starts: float = 0.0
    refused: str = ""
    start_refused: str = ""
    health: tuple[tuple[float, str], ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    answers: Mapping[str, ExecResult] = field(default_factory=dict)
