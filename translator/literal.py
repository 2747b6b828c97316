"""Text that Kubernetes must pass on as it is: the escape for its `$(NAME)` expansion.

Kubernetes expands `$(NAME)` in `command`, `args`, `env[].value` and probe commands and reduces `$$` to
`$`; Docker does neither. Shell variables (`$HOME`, `${HOME}`) are no part of that syntax and stay.
"""

import re

_EXPANDED = re.compile(r"\$(?=[$(])")


def literal(text: str) -> str:
    """`text` such that Kubernetes' expansion gives back exactly `text`."""
    return _EXPANDED.sub("$$", text) if "$" in text else text
