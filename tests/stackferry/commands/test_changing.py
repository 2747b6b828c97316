"""Commands that change a running stack's desired state: scale, rollback, update, stop, nodes, rm."""

import os

import pytest


@pytest.fixture
def cluster(running):
    """The cluster of the stack `shop` as stored now."""
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    def load():
        store = Store(home(os.environ, "shop").database)
        found = store.load()
        store.close()
        return found

    return load


@pytest.fixture
def spec(cluster):
    return lambda name="shop_web": next(one for one in cluster().services.values() if one.spec.name == name).spec


@pytest.fixture
def engine(monkeypatch):
    """An engine that has a network `back`."""
    from types import SimpleNamespace

    from stackferry import engine
    from stackferry.emulator.engine.protocol import EngineVersion

    version = EngineVersion("29", "1.52", "linux", "x86_64", 2, 1 << 30, "laptop")
    networks = {"back": SimpleNamespace(name="back")}
    known = SimpleNamespace(version=lambda: version, inspect_network=networks.get, containers=lambda _labels: [])
    monkeypatch.setattr(engine, "connect", lambda _session: known)


def test_scale(stackferry, spec, woken):
    done = stackferry("scale", "-d", "web=5", "shop_job=7")

    assert (done.code, done.out, done.err) == (0, "shop_web scaled to 5\nshop_job scaled to 7\n", "")
    assert (spec().replicas, spec("shop_job").replicas, spec("shop_job").max_concurrent) == (5, 7, 7)
    assert woken == ["shop"]


@pytest.mark.parametrize(
    ("wish", "code", "says"),
    [
        ("agent=2", 1, "shop_agent: scale can only be used with replicated or replicated-job mode"),
        ("nosuch=2", 1, "no such service: nosuch"),
        ("web", 2, "invalid scale specifier 'web'"),
        ("web=many", 2, "web: invalid replicas value many"),
    ],
)
def test_scale_refuses(stackferry, cluster, woken, wish, code, says):
    before = cluster()
    done = stackferry("service", "scale", "-d", wish)

    assert done.code == code
    assert says in " ".join(done.err.split())
    assert (cluster(), woken) == (before, [])


def test_scale_does_what_it_can(stackferry, spec):
    done = stackferry("service", "scale", "-d", "nosuch=2", "shop_web=5")

    assert (done.code, done.out, spec().replicas) == (1, "shop_web scaled to 5\n", 5)
    assert "no such service: nosuch" in done.err


def test_rollback(stackferry, spec, woken):
    assert stackferry("service", "rollback", "-d", "shop_web").out == "shop_web\n"
    assert spec().task.container.image == "nginx:1.26"
    assert woken == ["shop"]

    done = stackferry("rollback", "-d", "agent")
    assert done.code == 1
    assert "service shop_agent does not have a previous spec" in done.err


def test_update_of_fields(stackferry, spec):
    done = stackferry(
        "service", "update", "-d", "--no-resolve-image", "--image", "nginx:1.28", "--args", "a 'b c'",
        "--replicas", "4", "--limit-memory", "32m",
        "--limit-cpu", "1.5", "--reserve-memory", "8m", "--restart-condition", "on-failure",
        "--restart-delay", "1m30s", "--update-parallelism", "0", "--rollback-order", "start-first", "--health-cmd",
        "true", "--health-interval", "2s", "--stop-grace-period", "3s", "--read-only", "--log-driver", "json-file",
        "--endpoint-mode", "dnsrr", "-u", "nobody", "-w", "/srv", "--replicas-max-per-node", "2", "--publish-rm", "80",
        "--publish-rm", "81", "--publish-rm", "53/udp", "shop_web",
    )  # fmt: skip

    assert (done.code, done.out, done.err) == (0, "shop_web\n", "")
    new, container = spec(), spec().task.container
    assert (container.image, container.args, new.replicas) == ("nginx:1.28", ("a", "b c"), 4)
    assert container.options == {
        "Memory": 32 << 20,
        "NanoCpus": 1_500_000_000,
        "Privileged": True,
        "ReadonlyRootfs": True,
        "LogConfig": {"Type": "json-file"},
    }
    assert (new.task.reservations.nano_cpus, new.task.reservations.memory) == (100_000_000, 8 << 20)
    assert (new.task.restart.condition.value, new.task.restart.delay) == ("on-failure", 90.0)
    assert (new.update.parallelism, new.update.order, new.rollback.order) == (0, "start-first", "start-first")
    assert (container.health.test, container.health.interval) == (("CMD-SHELL", "true"), 2_000_000_000)
    assert (new.task.has_healthcheck, new.task.stop_grace, new.endpoint.mode) == (True, 3.0, "dnsrr")
    assert (container.user, container.working_dir, new.task.placement.max_replicas) == ("nobody", "/srv", 2)


def test_update_of_lists(stackferry, spec, engine):
    done = stackferry(
        "update", "-d", "web", "--env-add", "LEVEL=debug", "--env-add", "NEW=1", "--label-add", "a=b", "--label-rm",
        "com.docker.stack.image", "--constraint-add", "node.labels.x != y", "--constraint-rm", "node.role == manager",
        "--publish-add", "published=9090,target=90,mode=host", "--publish-rm", "81", "--publish-rm", "53/udp",
        "--mount-add", "type=bind,source=/a,target=/b,readonly", "--mount-rm", "/data", "--network-add",
        "name=back,alias=w", "--secret-rm", "shop_key", "--host-add", "db:10.0.0.1", "--sysctl-add", "net.x=1",
        "--cap-add", "NET_ADMIN", "--ulimit-add", "nofile=1024:2048", "--placement-pref-add", "spread=node.labels.z",
        "--group-add", "adm", "--generic-resource-add", "gpu=2", "--log-opt", "max-size=1m", "--dns-add", "1.1.1.1",
    )  # fmt: skip

    assert (done.code, done.err) == (0, "")
    new, container = spec(), spec().task.container
    assert container.env == ("LEVEL=debug", "NEW=1")
    assert new.labels == {"a": "b", "com.docker.stack.namespace": "shop"}
    assert new.task.placement.constraints == ("node.labels.x != y",)
    assert new.task.placement.spread == ("node.labels.disk", "node.labels.z")
    assert [(one.published, one.target, one.mode) for one in new.endpoint.ports] == [
        (8080, 80, "ingress"),
        (9090, 90, "host"),
    ]
    assert [(one.type, one.source, one.target, one.read_only) for one in container.mounts] == [
        ("bind", "/a", "/b", True)
    ]
    assert [(one.network, one.aliases) for one in container.networks] == [("shop_default", ("web",)), ("back", ("w",))]
    assert new.task.networks == ("shop_default", "back")
    assert (container.files, container.hosts, container.groups) == ((), ("db:10.0.0.1",), ("adm",))
    assert new.task.reservations.generic == (("gpu", 2),)
    options = {name: value for name, value in container.options.items() if name not in ("Memory", "NanoCpus")}
    assert options == {
        "Privileged": True,
        "Sysctls": {"net.x": "1"},
        "CapAdd": ["CAP_NET_ADMIN"],
        "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
        "LogConfig": {"Config": {"max-size": "1m"}},
        "Dns": ["1.1.1.1"],
    }


def test_update_by_force_and_back(stackferry, spec, cluster):
    assert stackferry("service", "update", "-d", "--force", "web").code == 0
    assert spec().task.force == 1
    assert stackferry("service", "update", "-d", "--rollback", "web").code == 0
    assert spec().task.force == 0

    before = cluster()
    done = stackferry("service", "update", "-d", "--rollback", "--image", "x", "web")
    assert (done.code, cluster()) == (1, before)
    assert "other flags may not be combined with --rollback" in done.err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--limit-memory", "much"], "--limit-memory: invalid size 'much'"),
        (["--restart-delay", "5"], "'5' is not a duration"),
        (["--update-order", "any"], "--update-order: invalid value 'any': it must be one of start-first, stop-first"),
        (["--mount-add", "type=bind"], "--mount type=bind: a target is required"),
        (["--placement-pref-add", "pack=x"], "unsupported placement preference 'pack'"),
        (["--secret-add", "nosuch"], "secret nosuch not found"),
        (["--ulimit-add", "nofile"], "--ulimit nofile:"),
        (["--limit-memory", "1k"], "--limit-memory: invalid memory value 1024: Must be at least 4MiB"),
        (["--reserve-cpu", "0.0001"], "--reserve-cpu: invalid cpu value 0.0001: Must be at least 0.001"),
        (
            ["--update-max-failure-ratio", "2"],
            "--update-max-failure-ratio: invalid value 2: it must be between 0 and 1",
        ),
        (["--replicas=-1"], "--replicas: invalid value -1"),
        (["--restart-condition", "never"], "invalid value 'never': it must be one of none, on-failure, any"),
        (["--constraint-add", "ssd"], "constraint expected one operator from ==, !="),
        (["--no-healthcheck", "--health-cmd", "true"], "--no-healthcheck conflicts with --health-* options"),
        (["--dns-add", "x"], "--dns x: IP address is not correctly formatted: x"),
        (["--host-add", "x"], "--host x: write it as HOST:IP"),
        (["--network-add", "shop_default"], "service is already attached to network shop_default"),
    ],
)
def test_update_refuses(stackferry, cluster, woken, flags, says):
    before = cluster()
    done = stackferry("service", "update", "-d", *flags, "web")

    assert (done.code, cluster(), woken) == (1, before, [])
    assert says in done.err


def test_update_of_replicas_is_for_replicated_services(stackferry, cluster):
    before = cluster()
    for name in ("shop_agent", "shop_job"):
        done = stackferry("service", "update", "-d", "--replicas", "2", name)

        assert (done.code, cluster()) == (1, before)
        assert "replicas can only be used with replicated mode" in done.err


def test_hosts_come_and_go(stackferry, spec):
    assert stackferry("update", "-d", "web", "--host-add", "a:1.2.3.4", "--host-add", "b:::1").code == 0
    shown = stackferry("service", "inspect", "web", "-f", "{{json .Spec.TaskTemplate.ContainerSpec.Hosts}}")
    assert shown.out == '["1.2.3.4 a","::1 b"]\n'
    assert stackferry("update", "-d", "web", "--host-rm", "b", "--host-rm", "a:9.9.9.9").code == 0
    assert spec().task.container.hosts == ("a:1.2.3.4",)


def test_a_capability_that_is_dropped_is_no_more_added(stackferry, spec):
    assert stackferry("update", "-d", "web", "--cap-add", "net_admin", "--cap-drop", "CHOWN").code == 0
    assert stackferry("update", "-d", "web", "--cap-drop", "CAP_NET_ADMIN", "--cap-drop", "ALL").code == 0
    shown = stackferry("service", "inspect", "web", "-f", "{{json .Spec.TaskTemplate.ContainerSpec}}").out
    assert '"CapabilityDrop":["ALL"]' in shown
    assert "CapabilityAdd" not in shown


def test_no_healthcheck_leaves_nothing_of_the_old(stackferry, spec):
    assert stackferry("update", "-d", "web", "--health-cmd", "true", "--health-interval", "2s").code == 0
    assert stackferry("update", "-d", "web", "--no-healthcheck").code == 0
    health = spec().task.container.health
    assert (health.test, health.interval) == (("NONE",), 0)


def test_the_logging_driver_is_the_templates(stackferry, spec):
    flags = ("--log-driver", "json-file", "--log-opt", "max-size=1m")
    assert stackferry("update", "-d", "web", *flags).code == 0
    shown = stackferry("service", "inspect", "web", "-f", "{{json .Spec.TaskTemplate.LogDriver}}")
    assert shown.out == '{"Name":"json-file","Options":{"max-size":"1m"}}\n'


def test_a_secret_is_given_with_its_content(stackferry, spec, running):
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    (running / "key").write_bytes(b"hidden")
    assert stackferry("secret", "create", "key", "key").code == 0
    done = stackferry("service", "update", "-d", "--secret-add", "source=key,target=k,mode=0400", "web")

    assert (done.code, done.err) == (0, "")
    new = spec().task.container.files[-1]
    assert (new.kind, new.key, new.target, new.mode) == ("secret", "key", "/run/secrets/k", 0o400)
    store = Store(home(os.environ, "shop").database)
    assert store.payload(f"secret/key/{new.digest}") == b"hidden"
    store.close()

    used = stackferry("secret", "rm", "key")
    assert used.code == 1
    assert "secret 'key' is in use by the following service: shop_web" in used.err


def test_stop_and_start(stackferry, cluster, woken):
    def stopped():
        return [one.spec.name for one in cluster().services.values() if one.stopped]

    assert stackferry("stop", "-d", "-t", "1", "web").code == 0
    assert stopped() == ["shop_web"]
    assert [one.grace and one.grace.seconds for one in cluster().services.values()] == [1.0, None, None]
    assert stackferry("stop", "-d").code == 0
    assert len(stopped()) == 3
    assert stackferry("start", "-d", "web", "job").code == 0
    assert stopped() == ["shop_agent"]
    assert woken == ["shop"] * 3


def test_start_is_of_what_the_named_services_need_too(stackferry, cluster, running):
    from dataclasses import replace

    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    def needing(found):
        of = {one.spec.name: one for one in found.services.values()}
        needs = {"shop_web": "shop_job", "shop_job": "shop_web"}
        new = [
            replace(of[name], spec=replace(of[name].spec, depends_on={other: "service_started", "shop_gone": ""}))
            for name, other in needs.items()
        ]
        return replace(found, services={**found.services, **{one.id: one for one in new}})

    store = Store(home(os.environ, "shop").database)
    store.change(needing)
    store.close()
    assert stackferry("stop", "-d").code == 0
    assert stackferry("start", "-d", "web").code == 0
    assert [one.spec.name for one in cluster().services.values() if one.stopped] == ["shop_agent"]


def test_restart_replaces_the_tasks(stackferry, spec):
    assert stackferry("restart", "-d", "web").code == 0
    assert (spec().task.force, spec("shop_agent").task.force) == (1, 0)


def test_restart_without_those_that_depend_on_them(stackferry, cluster):
    """What waits is told in the store; the orchestration is tests/emulator/orchestrator/test_following.py."""
    assert stackferry("restart", "-d", "web").code == 0
    assert [one.alone for one in cluster().services.values()] == [0, 0, 0]
    assert stackferry("restart", "-d", "--no-deps", "web").code == 0
    assert next((one.version, one.alone) for one in cluster().services.values()) == (9, 9)


def test_rm(stackferry, cluster, woken):
    def gone():
        return [one.spec.name for one in cluster().services.values() if one.removed]

    done = stackferry("service", "rm", "web", "nosuch", "shop_job")
    assert (done.code, done.out, gone()) == (1, "web\nshop_job\n", ["shop_web", "shop_job"])
    assert "no such service: nosuch" in done.err

    assert stackferry("rm", "-f").err == "No stopped services; use -s to stop them first\n"
    assert stackferry("rm", "-s", "-f").code == 0
    assert len(gone()) == 3
    assert stackferry("services").out.splitlines() == ["ID        NAME      MODE      REPLICAS   IMAGE     PORTS"]
    assert stackferry("stack", "ls").out == "NAME      SERVICES\n"


def test_stack_rm_detached(stackferry, cluster):
    done = stackferry("stack", "rm", "--detach", "shop")

    assert done.code == 0
    assert done.out.splitlines() == [f"Removing service shop_{name}" for name in ("agent", "job", "web")]
    assert all(one.removed for one in cluster().services.values())


def test_nodes(stackferry, cluster, woken):
    def node(name):
        return next(one for one in cluster().nodes.values() if one.hostname == name)

    done = stackferry(
        "node", "update", "--availability", "active", "--label-add", "zone=a", "--label-rm", "disk", "node-2"
    )
    assert (done.code, done.out) == (0, "node-2\n")
    assert (node("node-2").availability, node("node-2").labels) == ("active", {"zone": "a"})

    assert stackferry("node", "down", "node-1", "node-2").out == "node-1\nnode-2\n"
    assert [one.ready for one in cluster().nodes.values()] == [False, False, False]
    assert stackferry("node", "up", "node2").code == 0
    assert node("node-2").ready

    assert stackferry("node", "promote", "node-2").out == "Node node-2 promoted to a manager in the swarm.\n"
    assert stackferry("node", "demote", "node-1").out == "Manager node-1 demoted in the swarm.\n"
    assert (node("node-1").role, node("node-2").role) == ("worker", "manager")
    assert woken == ["shop"] * 5

    last = stackferry("node", "update", "--role", "worker", "node-2")
    assert last.code == 1
    assert "attempting to demote the last manager of the swarm" in last.err
    label = stackferry("node", "update", "--label-rm", "nosuch", "node-2")
    assert (label.code, "key nosuch doesn't exist in node's labels" in label.err) == (1, True)


def test_a_service_without_a_file(stackferry, here, woken, engine, clock):
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    done = stackferry(
        "service", "create", "-d", "--no-resolve-image", "--name", "pinger", "--replicas", "2", "-p", "8080:80",
        "-e", "A=1", "alpine:3", "ping", "-c", "3", "docker.com",
    )  # fmt: skip

    assert (done.code, done.err, len(done.out)) == (0, "", 26)
    store = Store(home(os.environ, "services").database)
    cluster = store.load()
    store.close()
    service = cluster.services[done.out.strip()]
    assert [one.hostname for one in cluster.nodes.values()] == ["laptop"]
    assert (service.spec.name, service.spec.replicas) == ("pinger", 2)
    assert service.spec.task.container.args == ("ping", "-c", "3", "docker.com")
    assert service.spec.task.container.env == ("A=1",)
    assert [(one.published, one.target) for one in service.spec.endpoint.ports] == [(8080, 80)]
    assert "pinger" in stackferry("service", "ls").out

    again = stackferry("service", "create", "-d", "--no-resolve-image", "--name", "pinger", "alpine")
    assert (again.code, "service pinger already exists" in again.err) == (1, True)


def test_a_node_knows_when_it_was_changed(running, stackferry, woken, clock):
    assert stackferry("node", "update", "--label-add", "a=b", "self").code == 0

    shown = stackferry("node", "inspect", "self", "--format", "{{.CreatedAt}} {{.UpdatedAt}}")
    assert shown.out == "1970-01-01T00:00:00Z 2023-11-14T22:13:20Z\n"


def test_nodes_are_removed_one_by_one(running, stackferry, woken):
    """Each that can be is; what is wrong with the others is told."""
    done = stackferry("node", "rm", "-f", "self", "node-2", "nosuch")

    assert (done.code, done.out) == (1, "node-2\n")
    assert "is a cluster manager and is a member of the raft cluster" in done.err
    assert "error: node nosuch not found" in done.err
    assert stackferry("node", "ls", "--format", "{{.Availability}}").out.splitlines().count("Drain") == 1
