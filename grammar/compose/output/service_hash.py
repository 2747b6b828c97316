"""The hash of a service's configuration, by which docker compose decides whether to recreate a container.

`config --hash`: SHA-256 over the service's JSON, without what does not concern the container (its build and pull
policy, dependencies, profiles, scale). Keys are in the order of docker compose 2, which newer releases keep, so that
a mere change of order recreates no container. Source: docker/compose `pkg/compose/hash.go`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from stackferry.grammar.compose.output.render import compact_json

_ELSEWHERE = ("build", "pull_policy", "scale", "depends_on", "profiles")
_ORDER = (
    *(
        "annotations",
        "attach",
        "develop",
        "blkio_config",
        "cap_add",
        "cap_drop",
        "cgroup_parent",
        "cgroup",
        "cpu_count",
    ),
    *("cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpus", "cpuset", "cpu_shares"),
    *("command", "configs", "container_name", "credential_spec", "deploy", "device_cgroup_rules", "devices", "dns"),
    *("dns_opt", "dns_search", "domainname", "entrypoint", "provider", "environment", "env_file", "expose", "extends"),
    *("external_links", "extra_hosts", "group_add", "gpus", "hostname", "healthcheck", "image", "init", "ipc"),
    *("isolation", "labels", "label_file", "links", "logging", "mem_limit", "mem_reservation", "memswap_limit"),
    *("mem_swappiness", "mac_address", "models", "network_mode", "networks", "oom_kill_disable", "oom_score_adj"),
    *("pid", "pids_limit", "platform", "ports", "privileged", "read_only", "restart", "runtime", "secrets"),
    *("security_opt", "shm_size", "stdin_open", "stop_grace_period", "stop_signal", "storage_opt", "sysctls"),
    *("tmpfs", "tty", "ulimits", "use_api_socket", "user", "userns_mode", "uts", "volumes", "volumes_from"),
    *("working_dir", "pre_start", "post_start", "pre_stop", "pull_refresh_after"),
)
"""The keys of docker compose 2, in its order; others follow, sorted."""
_GO_NAMES = {"path": "Path", "rate": "Rate", "weight": "Weight"}


def fingerprint(service: Mapping[str, Any], platform: str = "") -> str:
    """The hash, in hex, of a service of `canonical_json`. `platform` is for a build that names none."""
    hashed = {key: value for key, value in service.items() if key not in _ELSEWHERE}
    if "deploy" in hashed:
        hashed["deploy"] = {key: value for key, value in hashed["deploy"].items() if key != "replicas"}
    if "blkio_config" in hashed:
        hashed["blkio_config"] = {key: _go_named(value) for key, value in hashed["blkio_config"].items()}
    if platform and "build" in service and not hashed.get("platform"):
        hashed["platform"] = platform
    ordered = {key: hashed[key] for key in (*_ORDER, *sorted(hashed.keys() - set(_ORDER))) if key in hashed}
    return hashlib.sha256(compact_json(ordered).encode()).hexdigest()


def _go_named(value: Any) -> Any:
    """Go's structs for devices have no JSON names, so the names of their fields are hashed."""
    if not isinstance(value, list):
        return value
    return [{_GO_NAMES.get(key, key): field for key, field in item.items()} for item in value]
