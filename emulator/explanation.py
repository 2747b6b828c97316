"""The report on every key of a stack on the local engine: `grammar/explanation.py` with our table and notes."""

from collections.abc import Iterable

from emulator.desired import DesiredStack
from emulator.fates import TABLE
from emulator.places import look_up
from grammar.compose.model import Project
from grammar.explanation import Explanation, Work
from grammar.explanation import explain as account
from grammar.notes import Path
from grammar.source import Span

DEFAULT = "what happens without it, too"


def explain(keys: Iterable[tuple[Path, Span]], project: Project, stack: DesiredStack) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`, `stack` the desired state of `project`."""
    work = Work(
        project,
        TABLE,
        stack.notes,
        lambda place, path: look_up(place, path, stack),
        len(stack.services),
        "service",
        DEFAULT,
    )
    return account(keys, work)
