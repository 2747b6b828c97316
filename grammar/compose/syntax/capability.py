"""Names of Linux capabilities: `net_admin`, `NET_ADMIN` and `CAP_NET_ADMIN` are the same.

As docker/cli's `opts/capabilities.go`; used for files, flags and manifests alike. Only the engine knows whether
the kernel has a capability.
"""

from collections.abc import Iterable

ALL = "ALL"
RESET = "RESET"
"""In `service update`, drops the service's earlier capabilities; not itself a capability."""

_WORDS = (ALL, RESET)


def capability(text: str) -> str:
    """The full name, in upper case; ALL and RESET have no prefix."""
    name = text.strip().upper()
    return name if name in _WORDS or name.startswith("CAP_") else f"CAP_{name}"


def listed(names: Iterable[str]) -> list[str]:
    """Full names, sorted, without duplicates; ALL replaces all others."""
    found = {capability(one) for one in names} - {RESET}
    return [ALL] if ALL in found else sorted(found)


def effective(add: Iterable[str], drop: Iterable[str]) -> tuple[list[str], list[str]]:
    """The added and the dropped capabilities: a capability in both lists is added."""
    added = listed(add)
    return added, [one for one in listed(drop) if one not in added]
