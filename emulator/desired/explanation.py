"""The report on every key of a stack on the local engine: `grammar/explanation.py` with our table and notes."""

from collections.abc import Iterable

from stackferry.emulator.desired.places import look_up
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.fates import TABLE
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.explanation import Explanation, Work
from stackferry.grammar.explanation import explain as account
from stackferry.grammar.notes import Path
from stackferry.grammar.source import Span

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
