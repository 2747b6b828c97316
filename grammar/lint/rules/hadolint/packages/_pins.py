"""What the rules on pinned versions have in common: the packages of an install that have no version."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.packages import PackageCall, package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


def unpinned(
    file: "Build",
    settings: "Settings",
    families: tuple[str, ...],
    pinned: Callable[[str], bool],
    how: Callable[[str], str],
    plain: "Callable[[PlainCall], list[tuple[str, ShellWord]]]",
    exempt: Callable[[PackageCall], bool] | None = None,
    actions: tuple[str, ...] = ("install",),
) -> Iterator[Hit]:
    """A hit for each call that installs packages without a version; `how` is what to write for one.

    `plain`: what hadolint takes for packages without a version, for the set hadolint.
    """
    for step in file.steps("RUN"):
        if settings.hadolint:
            for plain_call in step.plain_calls:
                texts = [(text, *plain_call.range(word)) for text, word in plain(plain_call)]
                if texts:
                    yield _hit(texts, how)
            continue
        for call in package_calls(step, *families):
            if call.action in actions and not (exempt and exempt(call)):
                bare = [
                    (operand.value, operand.start, operand.end)
                    for operand in call.operands
                    if operand.value and not pinned(operand.value)
                ]
                if bare:
                    yield _hit(bare, how)


def _hit(bare: list[tuple[str, int, int]], how: Callable[[str], str]) -> Hit:
    names = ", ".join(dict.fromkeys(name for name, _, _ in bare[:_SHOWN]))
    more = f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else ""
    name, start, end = bare[0]
    return Hit(start, end, f"no version is pinned for {names}{more}", f"write {how(name)}")


_SHOWN = 5
"""Packages that a message names."""
