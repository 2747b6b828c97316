"""Hypothesis strategies that generate compose documents: plain dicts and lists, as parsed from YAML.

Most documents are valid, so that two loaders have something to compare; invalid ones are nearly valid. `SERVICE` has a
strategy per key of a service: a new key of the format is one more line.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Plain = Any
"""A YAML value without positions."""

SERVICES = ("web", "api", "db", "cache")
JOBS = ("init", "nightly")
NETWORKS = ("front", "back")
VOLUMES = ("data", "logs")
CONFIGS = ("app", "site")
SECRETS = ("token", "key")
MODELS = ("small", "large")
PROFILES = ("dev", "ops")


def some(*values: Plain) -> SearchStrategy[Plain]:
    """One of the values; shrinks towards the first."""
    return st.sampled_from(values)


def lists(of: SearchStrategy[Plain], most: int = 3) -> SearchStrategy[list[Plain]]:
    """A short list; most lists of the format may not repeat themselves."""
    return st.lists(of, max_size=most, unique_by=repr)


def mapping(**keys: SearchStrategy[Plain]) -> SearchStrategy[dict[str, Plain]]:
    """A mapping with any of the keys; a trailing `_` in the name of an argument marks a key that is always there."""
    required = {name[:-1]: value for name, value in keys.items() if name.endswith("_")}
    optional = {name: value for name, value in keys.items() if not name.endswith("_")}
    head = st.fixed_dictionaries(required)
    return st.builds(lambda one, other: {**one, **other}, head, chosen(optional, 4)) if optional else head


def chosen(table: Mapping[str, SearchStrategy[Plain]], most: int) -> SearchStrategy[dict[str, Plain]]:
    """A mapping with at most that many of the keys of a table."""
    entries = st.one_of([st.tuples(st.just(name), value) for name, value in table.items()])
    return st.lists(entries, max_size=most, unique_by=lambda entry: entry[0]).map(dict)


words = some("a", "b", "x y", "", "true", "no", "1", "1.50", "null", "~", "$$x", "${UNSET}", "é", "a: b", "#")
counts = some(1, 0, 2, 10, "3")
durations = some("10s", "1m30s", "500ms", "1h", "0s", "1.5s", "2d", "1w", "90000ms")
sizes = some("64m", 1024, "1g", "512kb", "1.5gb", "10b", "2GiB", "100", 0)
floats = some(0.5, "0.5", 1, "1.50", 2.0, 0)
flags = some(True, False, "true", "no", "on")
scalars = st.one_of(words, st.booleans(), st.none(), some("0o17", 0, 7, -1, 1.5, 1e3, 10**20, 0.1))
names = some("A", "B", "a.b", "LONG_NAME")
paths = some("./a", ".", "../up", "/abs", "~/home", "./a/../b", "sub/dir")
commands = st.one_of(lists(words), some("run it", "sh -c 'a b'", "", 'x "y z" \\a'), st.none())


def pairs(values: SearchStrategy[Plain] = scalars) -> SearchStrategy[Plain]:
    """What takes both `KEY: value` and `- KEY=value`."""
    items = st.builds("{}{}{}".format, names, some("=", "=x=", ""), some("", "v", "1"))
    return st.one_of(st.dictionaries(names, values, max_size=3), lists(items))


def one_or_more(of: SearchStrategy[Plain]) -> SearchStrategy[Plain]:
    """What takes both a value and a list of them."""
    return st.one_of(of, lists(of))


def ports() -> SearchStrategy[Plain]:
    """Published ports, in the short and the long form."""
    address = some("", "127.0.0.1:", "[::1]:", "0.0.0.0:")
    published = some("80:", "8000-8002:", ":", "${PORT}:")
    target = some("80", "90-92", "8080", "53")
    short = st.builds("{}{}{}{}".format, address, published, target, some("", "/udp", "/tcp"))
    bare = st.one_of(some(80, "80", "90-91", "53/udp", "80:80", "81:80"))
    long = mapping(
        target_=some(80, 90, "443"),
        published=some("80", 8080, "8000-8010", ""),
        protocol=some("tcp", "udp"),
        mode=some("host", "ingress"),
        host_ip=some("127.0.0.1", "::1"),
        name=some("web"),
        app_protocol=some("http"),
    )
    return lists(st.one_of(bare, short, long))


def mounts() -> SearchStrategy[Plain]:
    """Volumes of a service, in the short and the long form."""
    source = some("data:", "logs:", "./a:", "/abs/path:", "~/x:", "../up:", "")
    options = some("", ":ro", ":rw,z", ":nocopy", ":cached")
    short = st.builds("{}{}{}".format, source, some("/t", "/u/", "/u/../v"), options)
    volume = mapping(
        type_=some("volume"),
        target_=some("/t", "/w"),
        source=some("data", "logs"),
        read_only=flags,
        volume=mapping(nocopy=flags, subpath=some("sub")),
    )
    bind = mapping(
        type_=some("bind"),
        source_=paths,
        target_=some("/t", "/b"),
        bind=mapping(propagation=some("rslave"), create_host_path=flags, selinux=some("z")),
        consistency=some("cached"),
    )
    tmpfs = mapping(type_=some("tmpfs"), target_=some("/t", "/x"), tmpfs=mapping(size=sizes, mode=some(0o755, "0755")))
    return lists(st.one_of(short, volume, bind, tmpfs))


def references(of: tuple[str, ...]) -> SearchStrategy[Plain]:
    """Configs and secrets of a service."""
    long = mapping(source_=some(*of), target=some("/t", "u"), uid=some("0"), gid=some("1"), mode=some(0o440, "0400"))
    return lists(st.one_of(some(*of), long))


def ulimits() -> SearchStrategy[Plain]:
    """`ulimits`, single and as a pair."""
    pair = mapping(soft_=some(1, "2", -1), hard_=some(3, "4"))
    return st.dictionaries(some("nofile", "nproc", "core"), st.one_of(some(5, "6", -1), pair), max_size=2)


def builds() -> SearchStrategy[Plain]:
    """`build`, short and long."""
    long = mapping(
        context=st.one_of(paths, some("https://example.org/x.git#main")),
        dockerfile=some("Dockerfile", "../other", "/abs/D"),
        dockerfile_inline=some("FROM x\n"),
        args=pairs(),
        target=some("final"),
        cache_from=lists(words),
        tags=lists(some("t:1", "t:2")),
        labels=pairs(),
        network=some("host", "none"),
        platforms=lists(some("linux/amd64", "linux/arm64")),
        ssh=some(["default"]),
        secrets=references(SECRETS),
        shm_size=sizes,
        no_cache=flags,
        no_cache_filter=one_or_more(some("base", "final", "base")),
        pull=flags,
        extra_hosts=hosts(),
        ulimits=ulimits(),
        additional_contexts=some({"x": "./x"}, ["y=docker-image://y"], {"s": "service:db"}),
        privileged=flags,
    )
    return st.one_of(paths, long)


def hosts() -> SearchStrategy[Plain]:
    """`extra_hosts` in its forms."""
    address = some("10.0.0.1", "::1", "host-gateway")
    item = st.builds("{}{}{}".format, some("one", "two"), some(":", "="), some("10.0.0.1", "[::1]", "host-gateway"))
    return st.one_of(lists(item), st.dictionaries(some("one", "two"), st.one_of(address, lists(address)), max_size=2))


def healthchecks() -> SearchStrategy[Plain]:
    """`healthcheck`."""
    return mapping(
        test=some("curl x", ["CMD", "a"], ["CMD-SHELL", "a b"], ["NONE"], []),
        interval=durations,
        timeout=durations,
        start_period=durations,
        start_interval=durations,
        retries=counts,
        disable=flags,
    )


def deploys() -> SearchStrategy[Plain]:
    """`deploy` in full."""
    update = mapping(
        parallelism=counts,
        delay=durations,
        monitor=durations,
        failure_action=some("pause", "rollback"),
        max_failure_ratio=floats,
        order=some("start-first"),
    )
    device = mapping(capabilities_=some(["gpu"]), count=some(1, "all"), device_ids=some(["0"]), options=pairs(words))
    limits = mapping(cpus=floats, memory=sizes, pids=counts)
    reservations = mapping(cpus=floats, memory=sizes, devices=lists(device, 2))
    return mapping(
        mode=some("replicated", "global"),
        replicas=counts,
        labels=pairs(),
        endpoint_mode=some("vip"),
        update_config=update,
        rollback_config=update,
        restart_policy=mapping(
            condition=some("any", "on-failure"), delay=durations, max_attempts=counts, window=durations
        ),
        placement=mapping(constraints=lists(words), preferences=some([{"spread": "x"}]), max_replicas_per_node=counts),
        resources=mapping(limits=limits, reservations=reservations),
    )


def attachments() -> SearchStrategy[Plain]:
    """`networks` of a service."""
    attachment = mapping(
        aliases=lists(some("x", "y")),
        ipv4_address=some("10.0.0.5"),
        priority=counts,
        gw_priority=counts,
        use_service_name_alias=flags,
        mac_address=some("02:00:00:00:00:01"),
        driver_opts=st.dictionaries(names, some("1", 2), max_size=1),
    )
    known = some(*NETWORKS, "default")
    return st.one_of(lists(known, 2), st.dictionaries(known, st.one_of(st.none(), attachment), max_size=2))


def dependencies() -> SearchStrategy[Plain]:
    """`depends_on`; only on `db` and `cache`, so that most are free of cycles."""
    condition = some("service_started", "service_healthy", "service_completed_successfully")
    long = mapping(condition_=condition, restart=flags, required=flags)
    known = some("db", "cache")
    return st.one_of(lists(known, 2), st.dictionaries(known, long, max_size=2))


def watches() -> SearchStrategy[Plain]:
    """`develop`, of which parts have been extensions."""
    rule = {"path": "./src", "action": "sync", "target": "/t"}
    return some(
        {"watch": [{**rule, "ignore": "x"}]},
        {"watch": [{**rule, "x-initialSync": True}]},
        {"watch": [{**rule, "initial_sync": False, "x-initialSync": True}]},
        {"watch": [rule]},
    )


SERVICE: Mapping[str, SearchStrategy[Plain]] = {
    "annotations": pairs(),
    "attach": flags,
    "blkio_config": mapping(weight=counts, device_read_bps=some([{"path": "/d", "rate": "1mb"}])),
    "build": builds(),
    "cap_add": lists(some("ALL", "CHOWN")),
    "cgroup": some("host", "private"),
    "command": commands,
    "configs": references(CONFIGS),
    "container_name": some("one", "two-2"),
    "cpu_count": counts,
    "cpu_quota": some(5000, "5000"),
    "cpu_shares": counts,
    "cpus": floats,
    "depends_on": dependencies(),
    "deploy": deploys(),
    "develop": watches(),
    "device_cgroup_rules": lists(some("c 1:3 mr", "a *:* rwm")),
    "devices": lists(some("/dev/a", "/dev/a:/dev/b", "/dev/c:/dev/d:r", {"source": "/dev/e", "target": "/dev/f"})),
    "dns": one_or_more(some("1.1.1.1", "8.8.8.8")),
    "dns_opt": lists(some("a", "b:1")),
    "dns_search": one_or_more(some("x.example", "y.example")),
    "entrypoint": commands,
    "env_file": st.one_of(
        some("one.env", "./one.env"),
        lists(
            some(
                "one.env",
                "./one.env",
                {"path": "one.env"},
                {"path": "one.env", "format": "raw"},
                {"path": "no.env", "required": False},
            )
        ),
    ),
    "environment": pairs(),
    "expose": lists(some(80, "90", "100-102", "53/udp")),
    "external_links": lists(some("x", "y:z")),
    "extra_hosts": hosts(),
    "gpus": some("all", [{"count": 1}], [{"driver": "d", "capabilities": ["x"], "device_ids": ["0"]}]),
    "group_add": lists(some("staff", 1000, "1000")),
    "healthcheck": healthchecks(),
    "hostname": words,
    "init": flags,
    "ipc": some("host", "shareable", "service:db"),
    "label_file": one_or_more(some("one.env")),
    "labels": pairs(),
    "links": lists(some("db", "cache:c")),
    "logging": mapping(driver=some("json-file", "none"), options=some({"a": "1"}, {"b": 2, "c": None})),
    "mac_address": some("02:00:00:00:00:02"),
    "mem_limit": sizes,
    "mem_reservation": sizes,
    "mem_swappiness": counts,
    "memswap_limit": some(-1, "1g", "-1"),
    "models": some(["small"], {"large": {"endpoint_var": "E", "model_var": "M"}}, {"small": None}),
    "network_mode": some("host", "none", "bridge", "service:db"),
    "networks": attachments(),
    "oom_kill_disable": flags,
    "oom_score_adj": some(-500, 0, "10"),
    "pid": some("host", "service:db"),
    "pids_limit": some(-1, 5, "10"),
    "platform": some("linux/amd64"),
    "ports": ports(),
    "post_start": some([{"command": "a b", "environment": ["A=1"]}], [{"command": ["x"], "user": "root"}]),
    "pre_stop": some([{"command": ["bye"], "privileged": True}]),
    "privileged": flags,
    "profiles": lists(some(*PROFILES), 2),
    "pull_policy": some("always", "daily", "every_2h", "if_not_present", "every_1d12h", "not_always", "daily "),
    "pull_refresh_after": some("1h", "2d"),
    "read_only": flags,
    "restart": some("no", "always", "on-failure:3", "unless-stopped"),
    "scale": counts,
    "secrets": references(SECRETS),
    "security_opt": lists(some("seccomp:unconfined", "label=x")),
    "shm_size": sizes,
    "stdin_open": flags,
    "stop_grace_period": durations,
    "stop_signal": some("SIGINT"),
    "storage_opt": some({"size": "1G"}),
    "sysctls": pairs(some(0, "1", None)),
    "tmpfs": one_or_more(some("/run", "/tmp:size=1m")),
    "tty": flags,
    "ulimits": ulimits(),
    "umask": some(0, 18, "077", "0o22", "22", None, "0x1F", "1_0", -1, 1 << 32),
    "user": words,
    "userns_mode": some("host"),
    "volumes": mounts(),
    "volumes_from": lists(some("db", "cache:ro", "container:x")),
    "working_dir": some("/w", "w"),
    "x-develop": watches(),
    "x-note": scalars,
}
"""A strategy for every key of a service but `image`, `extends`, `pre_start` and what takes a cloud to run."""

_OF_WORKLOADS = ("build", "depends_on", "expose", "healthcheck", "ports", "stdin_open", "tty")
_OF_SERVICES = (
    *("attach", "container_name", "deploy", "develop", "external_links", "links", "post_start", "pre_stop", "profiles"),
    *("restart", "scale", "x-develop"),
)
CONTAINER: Mapping[str, SearchStrategy[Plain]] = {
    key: value for key, value in SERVICE.items() if key not in (*_OF_WORKLOADS, *_OF_SERVICES)
}
"""A strategy for every key of a container that runs before a service starts."""


def hooks() -> SearchStrategy[Plain]:
    """`pre_start`: one or two containers, most with a command and few other keys; now and then one key too many."""
    head = mapping(command_=commands, image=some("img:1", "${IMAGE}"), per_replica=flags)
    odd = some({}, {}, {}, {}, {}, {}, {"ports": ["80"]}, {"restart": "always"}, {"x-a": 1})
    rest = chosen(CONTAINER, 4)
    return st.lists(st.builds(lambda one, other, more: {**one, **other, **more}, rest, head, odd), max_size=2)


def schedules() -> SearchStrategy[Plain]:
    """Entries of `triggers.schedule`, short and long."""
    moment = some("0 3 * * *", "@daily", "*/5 * * * mon", "whenever", "")
    long = mapping(
        cron_=moment,
        timezone=some("Europe/Berlin", "", "Nowhere"),
        concurrency=some("forbid", "queue"),
        missed_fires=some("one", "skip"),
        **{"x-why": scalars},
    )
    return lists(st.one_of(moment, long))


def jobs() -> SearchStrategy[Plain]:
    """One job: what starts it, an image, and a few keys that services have too."""
    triggers = st.one_of(
        mapping(manual_=flags, schedule=schedules()),
        mapping(schedule_=schedules(), manual=flags),
        some({"manual": True}, {"schedule": []}, {}),
    )
    head = mapping(triggers_=triggers, image_=some("img:1", "${IMAGE}"))
    return st.builds(lambda one, other: {**one, **other}, job_parts(), head)


def job_parts() -> SearchStrategy[dict[str, Plain]]:
    """A few keys of a job, for laying over another."""
    of_jobs = {key: value for key, value in SERVICE.items() if key not in _OF_SERVICES or key == "profiles"}
    waits = some(["init"], ["db"], {"init": {"condition": "service_completed_successfully", "required": False}}, ["no"])
    return chosen({**of_jobs, "depends_on": st.one_of(waits, dependencies()), "x-job": scalars}, 5)


def services() -> SearchStrategy[dict[str, Plain]]:
    """One service: an image and a few other keys."""
    return st.builds(lambda image, rest: {"image": image, **rest}, some("img:1", "${IMAGE}"), parts())


def parts() -> SearchStrategy[dict[str, Plain]]:
    """A few keys of a service, for laying over another."""
    return chosen({**SERVICE, "pre_start": hooks()}, 6)


def networks() -> SearchStrategy[Plain]:
    """One network at the top level."""
    pool = mapping(
        subnet_=some("10.0.0.0/16", "10.1.0.0/16"),
        ip_range=some("10.1.5.0/24"),
        gateway=some("10.1.0.1"),
        aux_addresses=some({"a": "10.1.0.5"}),
    )
    return st.one_of(
        st.none(),
        mapping(
            driver=some("bridge", "overlay"),
            driver_opts=st.dictionaries(names, some("1", 2, 1.5), max_size=2),
            internal=flags,
            attachable=flags,
            enable_ipv6=flags,
            labels=pairs(),
            name=some("given"),
            ipam=mapping(driver=some("default"), config=lists(pool, 2), options=some({"o": "1"})),
        ),
        some({"external": True}, {"external": True, "name": "out"}, {"external": "false"}),
    )


def volumes() -> SearchStrategy[Plain]:
    """One volume at the top level."""
    options = st.dictionaries(names, some("1", 2, 1.5), max_size=2)
    return st.one_of(
        st.none(),
        mapping(driver=some("local", ""), driver_opts=options, labels=pairs(), name=some("given")),
        some({"external": True}, {"external": True, "name": "out"}, {"external": False}),
    )


def configs() -> SearchStrategy[Plain]:
    """One config at the top level."""
    return st.one_of(
        some({"file": "./c.txt"}, {"content": "a ${IMAGE} $$b\n"}, {"environment": "IMAGE"}, {"external": True}),
        mapping(file_=paths, name=some("given"), labels=pairs()),
    )


def secrets() -> SearchStrategy[Plain]:
    """One secret at the top level."""
    return st.one_of(
        some({"file": "./s.txt"}, {"environment": "IMAGE"}, {"external": True, "name": "out"}),
        mapping(file_=paths, name=some("given"), labels=pairs()),
    )


def documents() -> SearchStrategy[dict[str, Plain]]:
    """A whole document. All that a service may refer to is there; services beyond `web` come and go."""
    present = st.dictionaries(st.sampled_from(SERVICES), services(), min_size=1, max_size=3)
    resources = st.fixed_dictionaries(
        {
            "networks": st.fixed_dictionaries({name: networks() for name in NETWORKS}),
            "volumes": st.fixed_dictionaries({name: volumes() for name in VOLUMES}),
            "configs": st.fixed_dictionaries({name: configs() for name in CONFIGS}),
            "secrets": st.fixed_dictionaries({name: secrets() for name in SECRETS}),
            "models": st.just({name: {"model": f"ai/{name}"} for name in MODELS}),
        }
    )
    supports = {"web": {"image": "web"}, "db": {"image": "db"}, "cache": {"image": "cache"}}
    work = st.one_of(
        st.just({}), st.dictionaries(some(*JOBS), jobs(), min_size=1, max_size=2).map(lambda found: {"jobs": found})
    )
    return st.builds(
        lambda own, rest, more: {"services": {**supports, **own}, **rest, **more}, present, resources, work
    )


def overrides() -> SearchStrategy[dict[str, Plain]]:
    """A document that is laid over another: the same names, fewer of them, nothing that must be complete."""
    return st.fixed_dictionaries(
        {"services": st.dictionaries(some("web", "db", "cache", "web"), parts(), min_size=1, max_size=2)},
        optional={
            "networks": st.dictionaries(some(*NETWORKS, "default"), networks(), max_size=1),
            "volumes": st.dictionaries(some(*VOLUMES), volumes(), max_size=1),
            "jobs": st.dictionaries(some(*JOBS), st.one_of(job_parts(), jobs()), min_size=1, max_size=1),
        },
    )


def env_texts() -> SearchStrategy[str]:
    """A dotenv file: quotes, escapes, expansion, values of several lines, comments; some names that files use."""
    value = some(
        *(
            "1",
            "",
            "a b",
            "'$SET'",
            '"${SET}\\n${NO:-x}"',
            "'it''s'",
            '"a\nb"',
            "'a\nb'",
            "x # y",
            "x#y",
            "$DOT",
            "${SET:-}",
        ),
        *('"a\\"b\\$c"', " pad ", "${A-b}${B+c}", "é", '"q" # note', "a=b", "\\n", "$$", "img:3"),
    )
    line = st.builds(
        "{}{}{}{}".format,
        some("", "export ", "  "),
        some("DOT", "A", "B", "PORT", "UNSET"),
        some("=", ": ", " = "),
        value,
    )
    other = some("# note", "", "SET", "ONLY", "   ", "C=1\r")
    return st.lists(st.one_of(line, line, line, other), max_size=5).map(lambda lines: "\n".join(lines) + "\n")
