"""Names of Linux capabilities: `net_admin`, `NET_ADMIN` and `CAP_NET_ADMIN` are one.

As docker/cli's `opts/capabilities.go`; used for files, flags and manifests alike. Whether a kernel has such a
capability is for the engine to say.
"""

from collections.abc import Iterable

ALL = "ALL"
RESET = "RESET"
"""In `service update`, forgets what the service had; it is no capability."""

_WORDS = (ALL, RESET)


def capability(text: str) -> str:
    """The full name, in capitals; ALL and RESET have no prefix."""
    name = text.strip().upper()
    return name if name in _WORDS or name.startswith("CAP_") else f"CAP_{name}"


def listed(names: Iterable[str]) -> list[str]:
    """Full names, sorted, each once; ALL stands for every other one."""
    found = {capability(one) for one in names} - {RESET}
    return [ALL] if ALL in found else sorted(found)


def effective(add: Iterable[str], drop: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is added and what is dropped: a capability in both lists is added."""
    added = listed(add)
    return added, [one for one in listed(drop) if one not in added]
