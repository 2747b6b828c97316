"""What the rules on missing options and missing clean-ups have in common."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.cleaning import is_kept, mounted, removed
from stackferry.grammar.dockerfile.facts.packages import PackageCall, package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def without(
    file: "Build",
    settings: "Settings",
    families: tuple[str, ...],
    actions: tuple[str, ...],
    has: Callable[[PackageCall], bool],
    message: str,
    hint: str,
) -> Iterator[Hit]:
    """A hit for each call of an action that has not what it needs. `{program}` and `{action}` are filled in."""
    for step in file.steps("RUN"):
        for call in package_calls(step, *families):
            if call.action in actions and not (settings.hadolint and call.wrapped) and not has(call):
                words = {"program": call.program, "action": str(call.action_argument.value)}
                start, end = call.invocation.first.start, call.action_argument.end
                yield Hit(start, end, message.format(**words), hint.format(**words))


def uncleaned(
    file: "Build",
    settings: "Settings",
    families: tuple[str, ...],
    actions: tuple[str, ...],
    cleans: Callable[[PackageCall], bool],
    folders: tuple[str, ...],
    message: str,
    hint: str,
    *,
    kept_only: bool = False,
    programs: tuple[str, ...] = (),
) -> Iterator[Hit]:
    """A hit for each RUN that leaves the caches of a package manager: no clean-up, no mount in their place.

    `kept_only`: stages whose files do not get into the image are left alone. `programs`: only these of the family.
    """
    for step in file.steps("RUN"):
        if kept_only and not is_kept(step.stage):
            continue
        calls = [call for call in package_calls(step, *families) if not (settings.hadolint and call.wrapped)]
        leaving = [call for call in calls if call.action in actions and (not programs or call.program in programs)]
        if not leaving or any(cleans(call) for call in calls):
            continue
        if any(mounted(step, folder) for folder in folders) or removed(step, *folders, loosely=settings.hadolint):
            continue
        first = leaving[0]
        words = {"program": first.program, "action": str(first.action_argument.value)}
        yield Hit(
            first.invocation.first.start, first.action_argument.end, message.format(**words), hint.format(**words)
        )
