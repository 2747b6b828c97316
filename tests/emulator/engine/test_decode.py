"""Parsing the engine's JSON, with the shapes of 20.10 (API 1.41) and 29 (API 1.56) side by side."""

import pytest

from stackferry.emulator.engine import decode as answer

OLD = {
    "Id": "c1",
    "Name": "/web.1",
    "Image": "sha256:1a",
    "Config": {"Image": "app:1", "Labels": None, "Tty": False},
    "State": {
        "Status": "exited", "ExitCode": 3, "Error": "", "OOMKilled": False, "Pid": 0,
        "StartedAt": "2026-11-25T04:01:19.641968611Z", "FinishedAt": "2026-11-25T05:01:20+01:00",
    },
    "NetworkSettings": {
        "IPAddress": "172.17.0.2",
        "Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "81/tcp": None},
        "Networks": {"one": {"IPAddress": "10.0.0.2"}, "two": {"IPAddress": ""}, "three": None},
    },
}  # fmt: skip


def test_a_container() -> None:
    info = answer.container(OLD)

    assert (info.id, info.name, info.image, info.image_id, info.labels) == ("c1", "web.1", "app:1", "sha256:1a", {})
    assert (info.status, info.exit_code, info.health) == ("exited", 3, "")
    assert abs(info.started_at - 1795579279.641968) < 1e-5
    assert info.finished_at == 1795579280.0
    assert info.addresses == {"one": "10.0.0.2"}
    assert info.ports == {"80/tcp": (("127.0.0.1", "8080"),)}
    assert str(info) == "web.1 exited 3"


def test_a_container_of_a_new_engine_has_fewer_fields() -> None:
    state = {"Status": "running", "StartedAt": "2026-11-25T04:01:19Z", "FinishedAt": "0001-01-01T00:00:00Z", "Pid": 7}
    for health, shown in ((None, ""), ({"Status": "none"}, ""), ({"Status": "starting"}, "starting")):
        info = answer.container(
            {"Id": "c", "Name": "/n", "Config": {}, "State": {**state, "Health": health}, "NetworkSettings": {}}
        )

        assert (info.health, info.finished_at, info.addresses, info.running) == (shown, 0.0, {}, True)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("", ""),
        ("No such container: a\n", "No such container: a"),
        ("invalid endpoint settings:\n* no subnet\n* no alias", "invalid endpoint settings: no subnet; no alias"),
        ("invalid config:\nno subnet", "invalid config: no subnet"),
        ("one\ntwo", "one; two"),
        ("nothing follows:", "nothing follows:"),
    ],
)
def test_the_engines_words_are_one_line(said: str, line: str) -> None:
    assert answer.one_line(said) == line


def test_events() -> None:
    attributes = {"name": "web.1", "image": "app:1", "exitCode": "137", "execDuration": "4", "tier": "front"}
    died = {
        "Type": "container",
        "Action": "die",
        "Actor": {"ID": "c1", "Attributes": attributes},
        "timeNano": 1_500_000_000,
    }
    event = answer.event(died)
    assert (event.kind, event.container_id, event.name, event.exit_code) == ("die", "c1", "web.1", 137)
    assert (event.labels, event.at) == ({"tier": "front"}, 1.5)
    assert str(event) == "1.500 web.1 die 137"

    well = answer.event(
        {**died, "Action": "health_status: healthy", "Actor": {"ID": "c1", "Attributes": {"name": "w"}}}
    )
    assert (well.kind, well.health, well.exit_code) == ("health", "healthy", None)

    leg = {"name": "net", "type": "bridge", "container": "c1"}
    left = answer.event({"Type": "network", "Action": "disconnect", "Actor": {"ID": "n1", "Attributes": leg}})
    assert (left.kind, left.container_id, left.name, left.labels) == ("network disconnect", "c1", "net", {})


def test_an_image_of_a_new_engine_leaves_empty_fields_out() -> None:
    info = answer.image({"Id": "sha256:1", "Config": {}})
    assert (info.command, info.entrypoint, info.exposed, info.labels, info.healthcheck) == ((), (), (), {}, None)

    config = {
        "Cmd": ["a"],
        "Entrypoint": None,
        "ExposedPorts": {"80/tcp": {}},
        "Labels": None,
        "Healthcheck": {"Test": []},
    }
    info = answer.image({"Id": "sha256:1", "RepoTags": ["a:1"], "RepoDigests": None, "Config": config, "Os": "linux"})
    assert (info.command, info.entrypoint, info.exposed, info.tags) == (("a",), (), ("80/tcp",), ("a:1",))
    assert info.healthcheck == {"Test": []}


def test_a_network_and_a_volume() -> None:
    pools = [{"Subnet": "10.0.0.0/24", "IPRange": "10.0.0.0/25", "Gateway": "10.0.0.1"}, {"Subnet": "fd00::/64"}]
    info = answer.network({"Id": "n1", "Name": "n", "Driver": "bridge", "Labels": None, "IPAM": {"Config": pools}})
    assert (info.subnets, info.ip_ranges, info.gateways) == (
        ("10.0.0.0/24", "fd00::/64"),
        ("10.0.0.0/25",),
        ("10.0.0.1",),
    )
    assert answer.network({"Id": "n1", "Name": "host", "IPAM": {"Config": None}}).subnets == ()

    assert answer.volume({"Name": "v", "Driver": "local", "Labels": None, "Options": None}).labels == {}


def test_usage_of_both_kinds_of_cgroups() -> None:
    common = {"read": "2026-11-25T04:01:19Z", "cpu_stats": {"cpu_usage": {"total_usage": 1_500_000_000}}}
    version_1 = {"usage": 100, "limit": 1000, "stats": {"total_inactive_file": 30, "inactive_file": 5}}
    version_2 = {"usage": 100, "limit": 1000, "stats": {"inactive_file": 40}}
    blocks = {"io_service_bytes_recursive": [{"op": "Read", "value": 3}, {"op": "write", "value": 4}]}

    assert answer.usage({**common, "memory_stats": version_1, "blkio_stats": blocks}).memory == 70
    usage = answer.usage({**common, "memory_stats": version_2, "blkio_stats": {"io_service_bytes_recursive": None}})
    assert (usage.memory, usage.cpu, usage.read) == (60, 1.5, 0)
    assert answer.usage({**common, "blkio_stats": blocks}).written == 4


def test_an_engine() -> None:
    info = {
        "ServerVersion": "20.10.24",
        "OSType": "linux",
        "Architecture": "x86_64",
        "NCPU": 2,
        "MemTotal": 8,
        "Name": "vm",
        "Labels": ["a=b=c", "d"],
    }
    found = answer.version(info, "1.41", dict)

    assert (found.version, found.api, found.cpus, found.name, found.labels) == (
        "20.10.24",
        "1.41",
        2,
        "vm",
        {"a": "b=c", "d": ""},
    )


def test_what_the_engine_says_of_swarm_of_limits_and_of_its_data():
    info = {
        "Swarm": {"LocalNodeState": "active"},
        "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"],
        "MemoryLimit": False,
        "CpuCfsQuota": True,
        "PidsLimit": False,
        "DockerRootDir": "/var/lib/docker",
    }
    found = answer.version(info, "1.41", dict)
    bare = answer.version({}, "1.41", dict)

    assert (found.swarm, found.rootless, found.root) == ("active", True, "/var/lib/docker")
    assert found.unlimited == ("memory", "number of processes")
    # An engine that does not say so is not said to lack them.
    assert (bare.swarm, bare.rootless, bare.unlimited, bare.root) == ("", False, (), "")


def test_how_the_engine_publishes_ports():
    kit = {
        "Name": "rootlesskit",
        "Version": "1.1.0",
        "Details": {"NetworkDriver": "slirp4netns", "PortDriver": "builtin"},
    }
    info = {"OperatingSystem": "Docker Desktop", "SecurityOptions": ["name=rootless"]}
    found = answer.version(info, "1.41", lambda: {"Components": [{"Name": "Engine", "Details": {}}, kit]})
    bare = answer.version({"SecurityOptions": ["name=rootless"]}, "1.41", lambda: {"Components": None})

    assert (found.desktop, found.port_driver) == (True, "builtin")
    assert (bare.desktop, bare.port_driver) == (False, "")
