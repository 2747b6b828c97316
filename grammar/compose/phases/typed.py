"""The typing phase: converts every scalar of the canonical tree to its type, and orders keys as Docker Compose does.

After `normalise.py`. One table per record: the keys in the order in which `docker compose config` prints
them (the order of compose-go's `types` structs), each with its codec. `compose/output/canonical.py` prints
the result and `compose/assemble.py` turns it into the model, without parsing anything again.
"""

from stackferry.grammar.compose.phases.codec import (
    COUNT,
    DURATION,
    DURATION_KEPT,
    ENVIRONMENT,
    FLAG,
    FLAG_KEPT,
    FRACTION,
    LABELS,
    MODE_KEPT,
    NATURAL,
    NATURAL_KEPT,
    PRINTED,
    PRINTED_KEPT,
    SIZE,
    SIZE_KEPT,
    TEXT,
    TEXT_KEPT,
    UMASK_KEPT,
    WHOLE,
    WHOLE_KEPT,
    as_is,
    command,
    health_test,
    hosts,
    list_of,
    mapping_of,
    options,
    present,
    record,
    repeated,
    ulimit,
)
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics

_TEXTS = list_of(TEXT_KEPT)
_FILE = record({"source": TEXT, "target": TEXT, "uid": TEXT, "gid": TEXT, "mode": MODE_KEPT})
_FILES = list_of(_FILE)
_HOOK_FIELDS = {
    "command": command,
    "user": TEXT,
    "privileged": FLAG,
    "working_dir": TEXT,
    "environment": ENVIRONMENT,
}
_HOOK = record(_HOOK_FIELDS)

_BUILD = record(
    {
        "context": TEXT,
        "dockerfile": TEXT,
        "dockerfile_inline": TEXT,
        "entitlements": _TEXTS,
        "args": ENVIRONMENT,
        "provenance": TEXT,
        "sbom": TEXT,
        "ssh": mapping_of(PRINTED, keep_null=True),
        "labels": LABELS,
        "cache_from": _TEXTS,
        "cache_to": _TEXTS,
        "no_cache": FLAG,
        "no_cache_filter": _TEXTS,
        "additional_contexts": LABELS,
        "pull": FLAG,
        "extra_hosts": hosts,
        "isolation": TEXT,
        "network": TEXT,
        "target": TEXT,
        "secrets": _FILES,
        "shm_size": SIZE,
        "tags": _TEXTS,
        "ulimits": mapping_of(ulimit),
        "platforms": _TEXTS,
        "privileged": FLAG,
    }
)

_UPDATE = record(
    {
        "parallelism": NATURAL_KEPT,
        "delay": DURATION,
        "failure_action": TEXT,
        "monitor": DURATION,
        "max_failure_ratio": FRACTION,
        "order": TEXT,
    }
)
_DEVICE_REQUEST = record(
    {"capabilities": _TEXTS, "driver": TEXT, "count": COUNT, "device_ids": _TEXTS, "options": LABELS}
)
_RESOURCE = record(
    {
        "cpus": FRACTION,
        "memory": SIZE,
        "pids": WHOLE,
        "devices": list_of(_DEVICE_REQUEST),
        "generic_resources": list_of(
            record({"discrete_resource_spec": record({"kind": TEXT_KEPT, "value": WHOLE_KEPT})})
        ),
    }
)
_DEPLOY_FIELDS = {
    "mode": TEXT,
    "replicas": WHOLE_KEPT,
    "labels": LABELS,
    "update_config": _UPDATE,
    "rollback_config": _UPDATE,
    "resources": record({"limits": _RESOURCE, "reservations": _RESOURCE}, keep_empty=False),
    "restart_policy": record(
        {
            "condition": TEXT,
            "delay": DURATION_KEPT,
            "max_attempts": NATURAL_KEPT,
            "window": DURATION_KEPT,
        }
    ),
    "placement": record(
        {
            "constraints": _TEXTS,
            "preferences": list_of(record({"spread": TEXT})),
            "max_replicas_per_node": NATURAL,
        },
        keep_empty=False,
    ),
    "endpoint_mode": TEXT,
}
_DEPLOY = record(_DEPLOY_FIELDS)

_THROTTLES = list_of(record({"path": TEXT_KEPT, "rate": SIZE_KEPT}))
_BLOCK_IO = record(
    {
        "weight": NATURAL,
        "weight_device": list_of(record({"path": TEXT_KEPT, "weight": NATURAL_KEPT})),
        "device_read_bps": _THROTTLES,
        "device_read_iops": _THROTTLES,
        "device_write_bps": _THROTTLES,
        "device_write_iops": _THROTTLES,
    }
)
_MOUNT = record(
    {
        "type": TEXT,
        "source": TEXT,
        "target": TEXT,
        "read_only": FLAG,
        "consistency": TEXT,
        "bind": record({"selinux": TEXT, "propagation": TEXT, "create_host_path": FLAG_KEPT, "recursive": TEXT}),
        "volume": record({"labels": LABELS, "nocopy": FLAG, "subpath": TEXT}),
        "tmpfs": record({"size": SIZE, "mode": NATURAL}),
        "image": record({"subpath": TEXT}),
    }
)
_PORT = record(
    {
        "name": TEXT,
        "mode": TEXT,
        "host_ip": TEXT,
        "target": NATURAL,
        "published": TEXT,
        "protocol": TEXT,
        "app_protocol": TEXT,
    }
)
_ATTACHMENT = record(
    {
        "aliases": _TEXTS,
        "driver_opts": options,
        "gw_priority": WHOLE,
        "interface_name": TEXT,
        "ipv4_address": TEXT,
        "ipv6_address": TEXT,
        "link_local_ips": _TEXTS,
        "mac_address": TEXT,
        "priority": WHOLE,
        "use_service_name_alias": FLAG_KEPT,
    }
)
_WATCH_FIELDS = {
    "path": TEXT_KEPT,
    "action": TEXT_KEPT,
    "target": TEXT,
    "exec": record(_HOOK_FIELDS, keep_empty=False),
    "include": _TEXTS,
    "ignore": _TEXTS,
    "initial_sync": FLAG,
}
_WATCH = record(_WATCH_FIELDS)

_CONTAINER_FIELDS = {
    "annotations": LABELS,
    "blkio_config": _BLOCK_IO,
    "cap_add": _TEXTS,
    "cap_drop": _TEXTS,
    "cgroup_parent": TEXT,
    "cgroup": TEXT,
    "cpu_count": WHOLE,
    "cpu_percent": FRACTION,
    "cpu_period": WHOLE,
    "cpu_quota": WHOLE,
    "cpu_rt_period": WHOLE,
    "cpu_rt_runtime": WHOLE,
    "cpus": FRACTION,
    "cpuset": TEXT,
    "cpu_shares": WHOLE,
    "command": command,
    "configs": _FILES,
    "credential_spec": record({"config": TEXT, "file": TEXT, "registry": TEXT}),
    "device_cgroup_rules": _TEXTS,
    "devices": list_of(record({"source": TEXT, "target": TEXT, "permissions": TEXT})),
    "dns": _TEXTS,
    "dns_opt": _TEXTS,
    "dns_search": _TEXTS,
    "domainname": TEXT,
    "entrypoint": command,
    "environment": ENVIRONMENT,
    "env_file": list_of(record({"path": TEXT, "required": FLAG_KEPT, "format": TEXT})),
    "extra_hosts": hosts,
    "group_add": _TEXTS,
    "gpus": list_of(_DEVICE_REQUEST),
    "hostname": TEXT,
    "image": TEXT,
    "init": FLAG_KEPT,
    "ipc": TEXT,
    "isolation": TEXT,
    "labels": LABELS,
    "label_file": _TEXTS,
    "logging": record({"driver": TEXT, "options": options}),
    "mem_limit": SIZE,
    "mem_reservation": SIZE,
    "memswap_limit": SIZE,
    "mem_swappiness": SIZE,
    "mac_address": TEXT,
    "models": mapping_of(record({"endpoint_var": TEXT, "model_var": TEXT}), keep_null=True),
    "network_mode": TEXT,
    "networks": mapping_of(_ATTACHMENT, keep_null=True),
    "oom_kill_disable": FLAG,
    "oom_score_adj": WHOLE,
    "pid": TEXT,
    "pids_limit": WHOLE,
    "platform": TEXT,
    "privileged": FLAG,
    "pull_policy": TEXT,
    "pull_refresh_after": TEXT,
    "read_only": FLAG,
    "runtime": TEXT,
    "secrets": _FILES,
    "security_opt": _TEXTS,
    "shm_size": SIZE,
    "stop_grace_period": DURATION_KEPT,
    "stop_signal": TEXT,
    "storage_opt": mapping_of(TEXT_KEPT),
    "sysctls": LABELS,
    "tmpfs": _TEXTS,
    "ulimits": mapping_of(ulimit),
    "umask": UMASK_KEPT,
    "use_api_socket": FLAG,
    "user": TEXT,
    "userns_mode": TEXT,
    "uts": TEXT,
    "volumes": list_of(_MOUNT),
    "volumes_from": _TEXTS,
    "working_dir": TEXT,
}
_WORKLOAD_FIELDS = {
    "build": _BUILD,
    "depends_on": mapping_of(record({"condition": TEXT, "restart": FLAG, "required": FLAG_KEPT})),
    "expose": list_of(PRINTED_KEPT),
    "healthcheck": record(
        {
            "test": health_test,
            "timeout": DURATION_KEPT,
            "interval": DURATION_KEPT,
            "retries": NATURAL_KEPT,
            "start_period": DURATION_KEPT,
            "start_interval": DURATION_KEPT,
            "disable": FLAG,
        }
    ),
    "ports": list_of(_PORT),
    "stdin_open": FLAG,
    "tty": FLAG,
}
_PRE_START_FIELDS = {**_CONTAINER_FIELDS, "per_replica": FLAG}
_SERVICE_FIELDS = {
    "profiles": _TEXTS,
    "deploy": _DEPLOY,
    "develop": record({"watch": list_of(_WATCH)}),
    "restart": TEXT,
    "scale": WHOLE_KEPT,
    "attach": FLAG_KEPT,
    "container_name": TEXT,
    "provider": record({"type": TEXT, "options": repeated}),
    "extends": record({"file": TEXT, "service": TEXT}),
    "external_links": _TEXTS,
    "links": _TEXTS,
    "pre_start": list_of(record(_PRE_START_FIELDS)),
    "post_start": list_of(_HOOK),
    "pre_stop": list_of(_HOOK),
    **_CONTAINER_FIELDS,
    **_WORKLOAD_FIELDS,
}
_SERVICE = record(_SERVICE_FIELDS)
_SCHEDULE = record({"cron": TEXT, "timezone": TEXT, "concurrency": TEXT, "missed_fires": TEXT})
_JOB_FIELDS = {
    "profiles": _TEXTS,
    "triggers": record({"manual": FLAG_KEPT, "schedule": list_of(_SCHEDULE)}),
    **_CONTAINER_FIELDS,
    **_WORKLOAD_FIELDS,
}
CONTAINER_KEYS = frozenset(_CONTAINER_FIELDS)
"""The keys that a `pre_start` container takes over from its service."""
SERVICE_KEYS = tuple(_SERVICE_FIELDS)
"""The keys of a service in the order of the canonical document; below, the same for its parts."""
JOB_KEYS = tuple(_JOB_FIELDS)
PRE_START_KEYS = tuple(_PRE_START_FIELDS)
DEPLOY_KEYS = tuple(_DEPLOY_FIELDS)
WATCH_KEYS = tuple(_WATCH_FIELDS)
HOOK_KEYS = tuple(_HOOK_FIELDS)

_NETWORK_FIELDS = {
    "name": TEXT,
    "driver": TEXT,
    "driver_opts": options,
    "ipam": record(
        {
            "driver": TEXT,
            "config": list_of(record({"subnet": TEXT, "gateway": TEXT, "ip_range": TEXT, "aux_addresses": LABELS})),
            "options": options,
        },
        keep_empty=False,
    ),
    "external": FLAG,
    "internal": FLAG,
    "attachable": FLAG,
    "labels": LABELS,
    "enable_ipv4": FLAG_KEPT,
    "enable_ipv6": FLAG_KEPT,
}
_NETWORK = record(_NETWORK_FIELDS)
NETWORK_KEYS = tuple(_NETWORK_FIELDS)
_VOLUME = record({"name": TEXT, "driver": TEXT, "driver_opts": options, "external": FLAG, "labels": LABELS})
_FILE_OBJECT = record(
    {
        "name": TEXT,
        "file": TEXT,
        "environment": TEXT,
        "content": TEXT,
        "external": FLAG,
        "labels": LABELS,
        "driver": TEXT,
        "driver_opts": mapping_of(TEXT_KEPT),
        "template_driver": TEXT,
    }
)
_MODEL = record({"name": TEXT, "model": TEXT, "context_size": WHOLE, "runtime_flags": _TEXTS})

_PROJECT = record(
    {
        "name": TEXT,
        "services": mapping_of(_SERVICE, keep_null=True),
        "jobs": mapping_of(record(_JOB_FIELDS), keep_null=True),
        "networks": mapping_of(present(_NETWORK)),
        "volumes": mapping_of(present(_VOLUME)),
        "secrets": mapping_of(_FILE_OBJECT),
        "configs": mapping_of(_FILE_OBJECT),
        "models": mapping_of(_MODEL),
        "include": as_is,
    }
)


def typed(root: Node, report: Diagnostics) -> Node:
    """The tree with typed values, without meaningless empty ones; values of a wrong type are reported and left out."""
    return _PROJECT(root, (), report) or Node({})
