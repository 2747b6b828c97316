"""Variables in scope: ARG and ENV of a stage, by the instruction that sets them, with their values as far as known.

A value is None where a file does not tell it: an ARG without a default. A name that is not in a scope is not set by
the file; the base image may still set it.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

PLATFORM = frozenset(
    f"{kind}{part}" for kind in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}
"""Arguments that every build has before its first FROM (BuildKit's platform.go)."""

PROXIES = frozenset(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
)
"""Arguments that RUN has without an ARG."""


class Setting(NamedTuple):
    """One ARG or ENV of a name: the index of its instruction in the file, its value, and which of both it is."""

    at: int
    value: str | None
    is_env: bool


class Scope:
    """The variables of a stage. Filled while the stage is read, then only asked.

    `view(at)` is what an instruction at an index of the file sees: the last setting before it, ENV before ARG.
    """

    __slots__ = ("_settings", "inherited")

    def __init__(self, inherited: Mapping[str, str | None]) -> None:
        self.inherited = inherited
        self._settings: dict[str, list[Setting]] = {}

    def set(self, at: int, name: str, value: str | None, *, is_env: bool) -> None:
        """Note a setting; they come in the order of the file. An ARG does not change what ENV has set."""
        found = self._settings.setdefault(name, [])
        if not is_env and (name in self.inherited or (found and found[-1].is_env)):
            return
        found.append(Setting(at, value, is_env))

    def view(self, at: int) -> "View":
        """The variables that an instruction sees."""
        return View(self, at)

    def settings(self, name: str) -> tuple[Setting, ...]:
        """All settings of a name in this stage."""
        return tuple(self._settings.get(name, ()))

    def names(self) -> Iterator[str]:
        """Names that are set anywhere in the stage, or inherited."""
        yield from dict.fromkeys((*self.inherited, *self._settings))

    def before(self, name: str, at: int) -> Setting | None:
        """The setting of a name that an instruction sees."""
        found = self._settings.get(name, ())
        place = bisect_left(found, at, key=lambda setting: setting.at)
        return found[place - 1] if place else None

    def environment(self) -> dict[str, str | None]:
        """What a stage that is built FROM this one inherits: ENV, not ARG."""
        kept = dict(self.inherited)
        for name, found in self._settings.items():
            last = next((setting for setting in reversed(found) if setting.is_env), None)
            if last is not None:
                kept[name] = last.value
        return kept


class View(Mapping[str, str | None]):
    """The variables at an instruction, as a mapping; a value that is not known is None."""

    __slots__ = ("at", "scope")

    def __init__(self, scope: Scope, at: int) -> None:
        self.scope = scope
        self.at = at

    def __getitem__(self, name: str) -> str | None:
        setting = self.scope.before(name, self.at)
        if setting is not None:
            return setting.value
        return self.scope.inherited[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.scope.before(name, self.at) is not None or name in self.scope.inherited)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.scope.names() if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
