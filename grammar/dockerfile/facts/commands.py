"""Commands of a script as rules ask for them: names, arguments with known values, places in the source.

A thin view over `grammar/shell`: an `Invocation` is one of its commands, in its script, in its step.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
