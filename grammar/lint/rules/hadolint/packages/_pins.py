"""What the rules on pinned versions have in common: the packages of an install that have no version."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.packages import PackageCall, package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def unpinned(
    file: "Build",
    settings: "Settings",
    families: tuple[str, ...],
    pinned: Callable[[str], bool],
    how: str,
    exempt: Callable[[PackageCall], bool] | None = None,
    actions: tuple[str, ...] = ("install",),
) -> Iterator[Hit]:
    """A hit for each call that installs packages without a version; `how` is what to write, with `{package}`."""
    for step in file.steps("RUN"):
        for call in package_calls(step, *families):
            if call.action not in actions or (settings.hadolint and call.wrapped) or (exempt and exempt(call)):
                continue
            bare = [operand for operand in call.operands if operand.value and not pinned(operand.value)]
            if bare:
                names = ", ".join(dict.fromkeys(str(operand.value) for operand in bare[:_SHOWN]))
                more = f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else ""
                first = bare[0]
                hint = how.format(package=first.value)
                yield Hit(first.start, first.end, f"no version is pinned for {names}{more}", f"write {hint}")


_SHOWN = 5
"""Packages that a message names."""
