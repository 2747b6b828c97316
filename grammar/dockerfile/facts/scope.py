"""Variables in scope: ARG and ENV of a stage, by the instruction that sets them, with their values as far as known.

A value is None if the file does not determine it: an ARG without a default. A name that is not in a scope is not set
by the file; the base image may still set it.
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
"""Arguments that RUN sees without an ARG."""


class Setting(NamedTuple):
    """One ARG or ENV of a name: the index of its instruction in the file, its value, whether it is ENV."""

    at: int
    value: str | None
    is_env: bool


class Scope:
    """The variables of a stage. Filled while the stage is read, then only read.

    `view(at)` has the variables for the instruction at index `at`: the last setting before it, ENV or ARG, as BuildKit
    has both in one environment (dispatchArg). `inherited` are settings of the stage that this stage is based on.
    """

    __slots__ = ("_settings", "inherited", "inherited_arguments")

    def __init__(self, inherited: Mapping[str, str | None], inherited_arguments: frozenset[str] = frozenset()) -> None:
        self.inherited = inherited
        self.inherited_arguments = inherited_arguments
        self._settings: dict[str, list[Setting]] = {}

    def set(self, at: int, name: str, value: str | None, *, is_env: bool) -> None:
        """Record a setting; called in file order."""
        self._settings.setdefault(name, []).append(Setting(at, value, is_env))

    def declare(self, at: int, name: str) -> None:
        """Record an ARG without a value: it does not change a variable that is already set."""
        if name not in self.inherited and name not in self._settings:
            self.set(at, name, None, is_env=False)

    def view(self, at: int) -> "View":
        """The variables that an instruction at `at` sees."""
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

    def is_argument(self, name: str, at: int) -> bool:
        """Whether the value that an instruction sees comes from ARG, so that the caller of the build may change it."""
        setting = self.before(name, at)
        return name in self.inherited_arguments if setting is None else not setting.is_env

    def child(self) -> "Scope":
        """The scope of a stage based on this one: it inherits ENV and ARG."""
        if not self._settings:
            return Scope(self.inherited, self.inherited_arguments)
        last = {name: found[-1] for name, found in self._settings.items()}
        arguments = {name for name, setting in last.items() if not setting.is_env}
        return Scope(
            {**self.inherited, **{name: setting.value for name, setting in last.items()}},
            frozenset((self.inherited_arguments - last.keys()) | arguments),
        )


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
