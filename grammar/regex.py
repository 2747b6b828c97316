"""Regular expressions that are compiled on first use.

Compiling one takes 0.1 to 1 ms. A linter process lives for 80 ms, and a usual file needs a third of the hundred
expressions in its rules.
"""

import re
from typing import Any, cast


class _Regex:
    """A stand-in for an expression: compiles it when an attribute is first used, and keeps that attribute."""

    def __init__(self, source: str, flags: int) -> None:
        self._given = source, flags

    def __getattr__(self, name: str) -> Any:
        source, flags = self._given
        # `re` caches what it has compiled; keeping the attribute makes later access as fast as on the real object.
        value = getattr(re.compile(source, flags), name)
        self.__dict__[name] = value
        return value


def compile_now(value: object) -> None:
    """Compile `value` if it is such an expression: before a process forks, so that its children need not."""
    if isinstance(value, _Regex):
        re.compile(*value._given)


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Like the result of `re.compile`, except for its type: the functions of `re` do not accept it."""
    return cast("re.Pattern[str]", _Regex(source, flags))
