"""Regular expressions that are compiled when they are first needed.

To compile one takes 0.1 ms, and most scripts need few of them. Those that every script needs are compiled at once.
"""

import re
from functools import cache


@cache
def regex(source: str) -> re.Pattern[str]:
    """The compiled expression."""
    return re.compile(source)
