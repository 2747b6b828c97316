"""What the rules on missing options and missing clean-ups have in common."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.answers import assumes_yes
from stackferry.grammar.dockerfile.facts.cleaning import is_kept, mounted, removed
from stackferry.grammar.dockerfile.facts.packages import PackageCall, package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.settings import Settings


def without(
    file: "Build",
    settings: "Settings",
    families: tuple[str, ...],
    actions: tuple[str, ...],
    has: Callable[[PackageCall], bool],
    plain: "Callable[[PlainCall], bool]",
    message: str,
    hint: str,
    *,
    asks: bool = False,
    kept_only: bool = False,
) -> Iterator[Hit]:
    """A hit for each call of an action that has not what it needs. `{program}` and `{action}` are filled in.

    `asks`: it asks for an answer, which may come through a pipe. `kept_only`: only in stages whose files get into the
    image. `plain`: whether hadolint takes a call for one, for the set hadolint.
    """
    for step in file.steps("RUN"):
        if settings.hadolint:
            yield from (plain_hit(call, actions, message, hint) for call in step.plain_calls if plain(call))
            continue
        if kept_only and not is_kept(step.stage):
            continue
        for call in package_calls(step, *families):
            if call.action in actions and not (asks and _is_answered(call)) and not has(call):
                if asks and assumes_yes(step):
                    break
                yield _hit(call, message, hint)


def _is_answered(call: PackageCall) -> bool:
    """Whether another command answers: `yes | apt-get install curl`."""
    return call.invocation.command.place > 0 and call.invocation.program != "xargs"


def _hit(call: PackageCall, message: str, hint: str) -> Hit:
    words = {"program": call.program, "action": str(call.action_argument.value)}
    start, end = call.invocation.unwrapped.first.start, call.action_argument.end
    return Hit(start, end, message.format(**words), hint.format(**words))


def plain_hit(call: "PlainCall", actions: tuple[str, ...], message: str, hint: str) -> Hit:
    """The hit for a call as hadolint reads it."""
    place = next((word for text, word in call.operands() if text in actions), None)
    words = {"program": call.program, "action": actions[0] if place is None else place.text}
    end = call.place.end if place is None else call.range(place)[1]
    return Hit(call.place.start, max(end, call.place.end), message.format(**words), hint.format(**words))


def uncleaned(
    file: "Build",
    families: tuple[str, ...],
    actions: tuple[str, ...],
    cleans: Callable[[PackageCall], bool],
    folders: tuple[str, ...],
    message: str,
    hint: str,
    *,
    programs: tuple[str, ...] = (),
) -> Iterator[Hit]:
    """A hit for each RUN that leaves the caches of a package manager: no clean-up, no mount in their place.

    Stages whose files do not get into the image are left alone. `programs`: only these of the families.
    """
    for step in file.steps("RUN"):
        if not is_kept(step.stage):
            continue
        calls = list(package_calls(step, *families))
        leaving = [call for call in calls if call.action in actions and (not programs or call.program in programs)]
        if not leaving or any(cleans(call) for call in calls):
            continue
        if not any(mounted(step, folder) for folder in folders) and not removed(step, *folders):
            yield _hit(leaving[0], message, hint)
