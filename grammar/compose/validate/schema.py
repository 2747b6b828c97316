"""The Compose Specification's keys: which values may stand where. The table of the validation phase.

Facts from the JSON schema inside compose-go 2.16.2 (Apache-2.0), in our own notation (`shape.py`).
Both syntaxes of a key are described, because validation sees what users wrote. `key_paths` lists every key;
a test compares the list with that schema.
"""

from functools import cache

from stackferry.grammar.compose.validate.shape import (
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    TEXT,
    Shape,
    between,
    choice,
    listing,
    mapping,
    matching,
    named,
)

_NAME = r"^[a-zA-Z0-9._-]+$"
_FLAG = BOOLEAN | TEXT
_WHOLE = INTEGER | TEXT
_AMOUNT = NUMBER | TEXT
_SCALAR = TEXT | NUMBER | BOOLEAN
_TEXTS = listing(TEXT)
_STRINGS = listing(TEXT, distinct=True)
_STRING_OR_LIST = TEXT | _STRINGS
_DICT_OR_LIST = named(_SCALAR | NULL) | _STRINGS
_OPTIONS = named(TEXT | NUMBER, closed=False)
_COMMAND = NULL | TEXT | _TEXTS
_HOSTS = named(TEXT | _TEXTS) | _STRINGS
_EXTERNAL = BOOLEAN | TEXT | mapping({"name": TEXT})

_ENV_FILE = TEXT | listing(
    TEXT | mapping({"path": TEXT, "format": TEXT, "required": _FLAG}, needed=("path",), extensible=False)
)
_FILES = listing(TEXT | mapping({"source": TEXT, "target": TEXT, "uid": TEXT, "gid": TEXT, "mode": _AMOUNT}))
_ULIMITS = named(
    _WHOLE | mapping({"hard": _WHOLE, "soft": _WHOLE}, needed=("soft", "hard")), names=r"^[a-z]+$", closed=False
)
_HOOK = mapping(
    {"command": _COMMAND, "user": TEXT, "privileged": _FLAG, "working_dir": TEXT, "environment": _DICT_OR_LIST},
    needed=("command",),
)
_HOOKS = listing(_HOOK)
_DEVICE_KEYS = {
    "capabilities": _STRINGS,
    "count": _WHOLE,
    "device_ids": _STRINGS,
    "driver": TEXT,
    "options": _DICT_OR_LIST,
}
_THROTTLES = listing(mapping({"path": TEXT, "rate": _WHOLE}, extensible=False))

_BUILD = TEXT | mapping(
    {
        "additional_contexts": _DICT_OR_LIST,
        "args": _DICT_OR_LIST,
        "cache_from": _TEXTS,
        "cache_to": _TEXTS,
        "context": TEXT,
        "dockerfile": TEXT,
        "dockerfile_inline": TEXT,
        "entitlements": _TEXTS,
        "extra_hosts": _HOSTS,
        "isolation": TEXT,
        "labels": _DICT_OR_LIST,
        "network": TEXT,
        "no_cache": _FLAG,
        "no_cache_filter": _STRING_OR_LIST,
        "platforms": _TEXTS,
        "privileged": _FLAG,
        "provenance": _FLAG,
        "pull": _FLAG,
        "sbom": _FLAG,
        "secrets": _FILES,
        "shm_size": _WHOLE,
        "ssh": _DICT_OR_LIST,
        "tags": _TEXTS,
        "target": TEXT,
        "ulimits": _ULIMITS,
    }
)

_UPDATE = mapping(
    {
        "delay": TEXT,
        "failure_action": TEXT,
        "max_failure_ratio": _AMOUNT,
        "monitor": TEXT,
        "order": choice("start-first", "stop-first"),
        "parallelism": _WHOLE,
    }
)
_DEPLOY = NULL | mapping(
    {
        "endpoint_mode": TEXT,
        "labels": _DICT_OR_LIST,
        "mode": TEXT,
        "placement": mapping(
            {
                "constraints": _TEXTS,
                "max_replicas_per_node": _WHOLE,
                "preferences": listing(mapping({"spread": TEXT})),
            }
        ),
        "replicas": _WHOLE,
        "resources": mapping(
            {
                "limits": mapping({"cpus": _AMOUNT, "memory": TEXT, "pids": _WHOLE}),
                "reservations": mapping(
                    {
                        "cpus": _AMOUNT,
                        "devices": listing(mapping(_DEVICE_KEYS, needed=("capabilities",))),
                        "generic_resources": listing(
                            mapping({"discrete_resource_spec": mapping({"kind": TEXT, "value": _AMOUNT})})
                        ),
                        "memory": TEXT,
                    }
                ),
            }
        ),
        "restart_policy": mapping({"condition": TEXT, "delay": TEXT, "max_attempts": _WHOLE, "window": TEXT}),
        "rollback_config": _UPDATE,
        "update_config": _UPDATE,
    }
)

_MOUNT = mapping(
    {
        "bind": mapping(
            {
                "create_host_path": _FLAG,
                "propagation": TEXT,
                "recursive": choice("enabled", "disabled", "writable", "readonly"),
                "selinux": choice("z", "Z"),
            }
        ),
        "consistency": TEXT,
        "image": mapping({"subpath": TEXT}),
        "read_only": _FLAG,
        "source": TEXT,
        "target": TEXT,
        "tmpfs": mapping({"mode": _AMOUNT, "size": between(0, 1 << 64) | TEXT}),
        "type": choice("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
        "volume": mapping({"labels": _DICT_OR_LIST, "nocopy": _FLAG, "subpath": TEXT}),
    },
    needed=("type",),
)
_PORT = mapping(
    {
        "app_protocol": TEXT,
        "host_ip": TEXT,
        "mode": TEXT,
        "name": TEXT,
        "protocol": TEXT,
        "published": _WHOLE,
        "target": _WHOLE,
    }
)
_DEPENDENCY = mapping(
    {
        "condition": choice("service_started", "service_healthy", "service_completed_successfully"),
        "required": BOOLEAN,
        "restart": _FLAG,
    },
    needed=("condition",),
)
_ATTACHMENT = NULL | mapping(
    {
        "aliases": _STRINGS,
        "driver_opts": _OPTIONS,
        "gw_priority": NUMBER,
        "interface_name": TEXT,
        "ipv4_address": TEXT,
        "ipv6_address": TEXT,
        "link_local_ips": _STRINGS,
        "mac_address": TEXT,
        "priority": NUMBER,
        "use_service_name_alias": _FLAG,
    }
)
_WATCH = mapping(
    {
        "action": choice("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
        "exec": _HOOK,
        "ignore": _STRING_OR_LIST,
        "include": _STRING_OR_LIST,
        "initial_sync": BOOLEAN,
        "path": TEXT,
        "target": TEXT,
    },
    needed=("path", "action"),
)

_CONTAINER = {
    "annotations": _DICT_OR_LIST,
    "blkio_config": mapping(
        {
            "device_read_bps": _THROTTLES,
            "device_read_iops": _THROTTLES,
            "device_write_bps": _THROTTLES,
            "device_write_iops": _THROTTLES,
            "weight": _WHOLE,
            "weight_device": listing(mapping({"path": TEXT, "weight": _WHOLE}, extensible=False)),
        },
        extensible=False,
    ),
    "cap_add": _STRINGS,
    "cap_drop": _STRINGS,
    "cgroup": choice("host", "private"),
    "cgroup_parent": TEXT,
    "command": _COMMAND,
    "configs": _FILES,
    "cpu_count": between(0, 1 << 63) | TEXT,
    "cpu_percent": between(0, 100) | TEXT,
    "cpu_period": _AMOUNT,
    "cpu_quota": _AMOUNT,
    "cpu_rt_period": _AMOUNT,
    "cpu_rt_runtime": _AMOUNT,
    "cpu_shares": _AMOUNT,
    "cpus": _AMOUNT,
    "cpuset": TEXT,
    "credential_spec": mapping({"config": TEXT, "file": TEXT, "registry": TEXT}),
    "device_cgroup_rules": _STRINGS,
    "devices": listing(TEXT | mapping({"permissions": TEXT, "source": TEXT, "target": TEXT}, needed=("source",))),
    "dns": _STRING_OR_LIST,
    "dns_opt": _STRINGS,
    "dns_search": _STRING_OR_LIST,
    "domainname": TEXT,
    "entrypoint": _COMMAND,
    "env_file": _ENV_FILE,
    "environment": _DICT_OR_LIST,
    "extra_hosts": _HOSTS,
    "gpus": choice("all") | listing(mapping(_DEVICE_KEYS, closed=False)),
    "group_add": listing(TEXT | NUMBER, distinct=True),
    "hostname": TEXT,
    "image": TEXT,
    "init": _FLAG,
    "ipc": TEXT,
    "isolation": TEXT,
    "label_file": TEXT | _TEXTS,
    "labels": _DICT_OR_LIST,
    "logging": mapping({"driver": TEXT, "options": named(TEXT | NUMBER | NULL, closed=False)}),
    "mac_address": TEXT,
    "mem_limit": _AMOUNT,
    "mem_reservation": _WHOLE,
    "mem_swappiness": _WHOLE,
    "memswap_limit": _AMOUNT,
    "models": _STRINGS | named(NULL | mapping({"endpoint_var": TEXT, "model_var": TEXT}), _NAME, closed=False),
    "network_mode": TEXT,
    "networks": named(_ATTACHMENT, _NAME) | _STRINGS,
    "oom_kill_disable": _FLAG,
    "oom_score_adj": between(-1000, 1000) | TEXT,
    "pid": TEXT | NULL,
    "pids_limit": _AMOUNT,
    "platform": TEXT,
    "privileged": _FLAG,
    "pull_policy": matching(
        r"^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)\Z",
        (
            "one of always, never, missing, if_not_present, build, refresh, daily, weekly, or every_"
            " followed by a duration: every_12h"
        ),
    ),
    "pull_refresh_after": TEXT,
    "read_only": _FLAG,
    "runtime": TEXT,
    "secrets": _FILES,
    "security_opt": _STRINGS,
    "shm_size": _AMOUNT,
    "stop_grace_period": TEXT,
    "stop_signal": TEXT,
    "storage_opt": Shape("mapping", closed=False),
    "sysctls": _DICT_OR_LIST,
    "tmpfs": _STRING_OR_LIST,
    "ulimits": _ULIMITS,
    "umask": between(0, (1 << 32) - 1) | TEXT | NULL,
    "use_api_socket": BOOLEAN,
    "user": TEXT,
    "userns_mode": TEXT,
    "uts": TEXT,
    "volumes": listing(TEXT | _MOUNT, distinct=True),
    "volumes_from": _STRINGS,
    "working_dir": TEXT,
}
"""The keys of every container: services, jobs, `pre_start` entries."""

_WORKLOAD = {
    "build": _BUILD,
    "depends_on": named(_DEPENDENCY, _NAME) | _STRINGS,
    "expose": listing(TEXT | NUMBER, distinct=True),
    "healthcheck": mapping(
        {
            "disable": _FLAG,
            "interval": TEXT,
            "retries": _AMOUNT,
            "start_interval": TEXT,
            "start_period": TEXT,
            "test": TEXT | _TEXTS,
            "timeout": TEXT,
        }
    ),
    "ports": listing(NUMBER | TEXT | _PORT, distinct=True),
    "stdin_open": _FLAG,
    "tty": _FLAG,
}
"""Further keys of services and jobs."""

SERVICE = mapping(
    {
        **_CONTAINER,
        **_WORKLOAD,
        "attach": _FLAG,
        "container_name": matching(
            r"[a-zA-Z0-9][a-zA-Z0-9_.-]+", "a letter or digit followed by at least one letter, digit, '.', '_' or '-'"
        ),
        "deploy": _DEPLOY,
        "develop": NULL | mapping({"watch": listing(_WATCH)}),
        "extends": TEXT | mapping({"file": TEXT, "service": TEXT}, needed=("service",)),
        "external_links": _STRINGS,
        "links": _STRINGS,
        "post_start": _HOOKS,
        "pre_start": listing(mapping({**_CONTAINER, "per_replica": _FLAG})),
        "pre_stop": _HOOKS,
        "profiles": _STRINGS,
        "provider": mapping(
            {"options": named(_SCALAR | listing(_SCALAR), closed=False), "type": TEXT}, needed=("type",)
        ),
        "restart": TEXT,
        "scale": _WHOLE,
    }
)

_SCHEDULE = mapping(
    {
        "concurrency": choice("forbid", "queue"),
        "cron": TEXT,
        "missed_fires": choice("one", "skip"),
        "timezone": TEXT,
    },
    needed=("cron",),
)
_TRIGGERS = mapping({"manual": _FLAG, "schedule": listing(TEXT | _SCHEDULE)}, some=("manual", "schedule"))
_JOB = mapping({**_CONTAINER, **_WORKLOAD, "profiles": _STRINGS, "triggers": _TRIGGERS}, needed=("triggers",))

_NETWORK = NULL | mapping(
    {
        "attachable": _FLAG,
        "driver": TEXT,
        "driver_opts": _OPTIONS,
        "enable_ipv4": _FLAG,
        "enable_ipv6": _FLAG,
        "external": _EXTERNAL,
        "internal": _FLAG,
        "ipam": mapping(
            {
                "config": listing(
                    mapping({"aux_addresses": named(TEXT), "gateway": TEXT, "ip_range": TEXT, "subnet": TEXT})
                ),
                "driver": TEXT,
                "options": named(TEXT),
            }
        ),
        "labels": _DICT_OR_LIST,
        "name": TEXT,
    }
)
_VOLUME = NULL | mapping(
    {"driver": TEXT, "driver_opts": _OPTIONS, "external": _EXTERNAL, "labels": _DICT_OR_LIST, "name": TEXT}
)
_SECRET = mapping(
    {
        "driver": TEXT,
        "driver_opts": _OPTIONS,
        "environment": TEXT,
        "external": _EXTERNAL,
        "file": TEXT,
        "labels": _DICT_OR_LIST,
        "name": TEXT,
        "template_driver": TEXT,
    }
)
_CONFIG = mapping(
    {
        "content": TEXT,
        "environment": TEXT,
        "external": _EXTERNAL,
        "file": TEXT,
        "labels": _DICT_OR_LIST,
        "name": TEXT,
        "template_driver": TEXT,
    }
)
_MODEL = mapping({"context_size": INTEGER, "model": TEXT, "name": TEXT, "runtime_flags": _TEXTS}, needed=("model",))
_INCLUDE = TEXT | mapping({"env_file": _STRING_OR_LIST, "path": _STRING_OR_LIST, "project_directory": TEXT})

COMPOSE = mapping(
    {
        "configs": named(_CONFIG, _NAME),
        "include": listing(_INCLUDE),
        "jobs": named(_JOB, _NAME),
        "models": named(_MODEL, _NAME, closed=False),
        "name": TEXT,
        "networks": named(_NETWORK, _NAME, closed=False),
        "secrets": named(_SECRET, _NAME),
        "services": named(SERVICE, _NAME),
        "version": TEXT,
        "volumes": named(_VOLUME, _NAME),
    }
)


@cache
def key_paths() -> tuple[str, ...]:
    """Every key path of the schema, sorted: `services.*.ports[].target`."""
    return tuple(sorted(set(COMPOSE.paths())))
