"""Regular expressions that are compiled when they are first used.

To compile one takes 0.1 to 1 ms. A process of the linter lives for 80, and of the hundred expressions that its rules
have at hand a usual file needs a third.
"""

import re
from typing import Any, cast


class _Regex:
    """Stands for an expression until one of its attributes is asked for, which it then keeps."""

    def __init__(self, source: str, flags: int) -> None:
        self._given = source, flags

    def __getattr__(self, name: str) -> Any:
        source, flags = self._given
        # The library keeps what it has compiled; this keeps the way to it as short as that to its own object.
        value = getattr(re.compile(source, flags), name)
        self.__dict__[name] = value
        return value


def compile_now(value: object) -> None:
    """Compile what is such an expression, for a process that others are made of: each of them would do it again."""
    if isinstance(value, _Regex):
        re.compile(*value._given)


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` returns, but for its type: it cannot be handed to the functions of `re`."""
    return cast("re.Pattern[str]", _Regex(source, flags))
