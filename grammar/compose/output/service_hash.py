"""The hash of a service's configuration, by which docker compose decides whether to recreate a container.

`config --hash`: SHA-256 over the service's JSON, without what does not concern the container (its build,
its place among others, its number). Source: docker/compose `pkg/compose/hash.go`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from stackferry.grammar.compose.output.render import compact_json

_ELSEWHERE = ("build", "pull_policy", "scale", "depends_on", "profiles")
_GO_NAMES = {"path": "Path", "rate": "Rate", "weight": "Weight"}


def fingerprint(service: Mapping[str, Any], platform: str = "") -> str:
    """The hash, in hex, of a service of `canonical_json`. `platform` is that of a build that names none."""
    hashed = {key: value for key, value in service.items() if key not in _ELSEWHERE}
    if "deploy" in hashed:
        hashed["deploy"] = {key: value for key, value in hashed["deploy"].items() if key != "replicas"}
    if "blkio_config" in hashed:
        hashed["blkio_config"] = {key: _go_named(value) for key, value in hashed["blkio_config"].items()}
    if platform and "build" in service and not hashed.get("platform"):
        hashed["platform"] = platform
    return hashlib.sha256(compact_json(hashed).encode()).hexdigest()


def _go_named(value: Any) -> Any:
    """Go's structs for devices have no JSON names, so their fields' own names are hashed."""
    if not isinstance(value, list):
        return value
    return [{_GO_NAMES.get(key, key): field for key, field in item.items()} for item in value]
