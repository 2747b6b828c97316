"""The contract of the engine protocol: the same tests on the real engine and on the fake one."""

import io
import re
import socket
import tarfile
from contextlib import closing

import pytest

from stackferry.emulator.engine.protocol import ExecResult
from stackferry.emulator.fake.behaviour import Behaviour
from tests.engine.place import Place, refusal


def test_a_container_is_created_started_and_ends(place: Place) -> None:
    made = place.make("one", Behaviour(lives=0.3, exit=3), Labels={"colour": "red"})
    created = place.look(made)
    assert (created.status, created.name, created.started_at, created.pid) == ("created", place.name("one"), 0.0, 0)
    assert created.labels["colour"] == "red"

    place.engine.start(made)
    started = place.look(made)
    assert (started.status, started.finished_at) == ("running", 0.0)
    assert started.pid > 0
    assert started.started_at > 0.0

    place.until(lambda: place.look(place.name("one")).status == "exited")
    ended = place.look(made)
    assert (ended.exit_code, ended.pid, ended.addresses) == (3, 0, {})
    assert ended.finished_at > started.started_at
    place.until(lambda: place.story(made) == ["create", "start", "die"])
    died = next(event for event in place.seen() if event.kind == "die")
    assert (died.exit_code, died.labels["colour"], died.name) == (3, "red", place.name("one"))
    assert abs(died.at - ended.finished_at) < 1.0
    assert place.engine.wait(made) == 3


def test_what_is_not_there(place: Place) -> None:
    engine = place.engine
    assert engine.inspect("absent") is None
    assert engine.inspect_network("absent") is None
    assert engine.inspect_volume("absent") is None
    assert engine.image("absent") is None
    for call in (engine.start, engine.stop, engine.kill, engine.wait):
        error = refusal(lambda call=call: call("absent"))
        assert error.status == 404
        assert error.message.endswith("No such container: absent")
    engine.remove("absent")
    engine.remove_network("absent")
    engine.remove_volume("absent")
    engine.remove_image("absent")


def test_a_missing_image_is_refused_in_the_engines_words(place: Place) -> None:
    error = refusal(lambda: place.make("one", Image="absent"))

    assert (error.status, error.message) == (404, "No such image: absent:latest")


def test_a_taken_name_is_refused(place: Place) -> None:
    first = place.make("one")

    error = refusal(lambda: place.make("one"))

    assert error.status == 409
    assert error.message.startswith(
        f'Conflict. The container name "/{place.name("one")}" is already in use by container'
    )
    assert first in error.message


def test_a_missing_bind_source_is_refused_at_creation(place: Place) -> None:
    mount = {"Type": "bind", "Source": "/absent/source", "Target": "/data"}

    error = refusal(lambda: place.make("one", HostConfig={"Mounts": [mount]}))

    assert error.status == 400
    assert error.message.endswith(
        'invalid mount config for type "bind": bind source path does not exist: /absent/source'
    )


def test_a_host_port_in_use_is_refused_at_the_start(place: Place) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    host = {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}}
    ports = {"ExposedPorts": {"80/tcp": {}}, "HostConfig": host}
    place.engine.start(first := place.make("one", **ports))
    assert place.look(first).ports == {"80/tcp": (("127.0.0.1", port),)}

    second = place.make("two", **ports)
    error = refusal(lambda: place.engine.start(second))

    assert error.status == 500
    assert error.message.endswith(f"Bind for 127.0.0.1:{port} failed: port is already allocated")
    failed = place.look(second)
    assert (failed.status, failed.exit_code, failed.error, failed.addresses) == ("created", 128, error.message, {})
    place.engine.stop(first, grace=1)
    place.engine.start(second)
    assert place.look(second).status == "running"


def test_those_that_run_are_listed_with_their_ports(place: Place) -> None:
    bound = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}, {"HostIp": "127.0.0.2", "HostPort": ""}]}
    ports = {"ExposedPorts": {"80/tcp": {}, "81/udp": {}}, "HostConfig": {"PortBindings": bound}}
    place.engine.start(started := place.make("one", **ports))
    place.make("never-started")
    place.engine.start(ended := place.make("ended"))
    place.engine.kill(ended)
    place.until(lambda: not place.look(ended).running)

    (found,) = place.engine.running(place.labels)

    there = place.look(started)
    assert (found.id, found.name, found.labels, found.status) == (there.id, there.name, there.labels, "running")
    assert {port: sorted(at) for port, at in found.ports.items()} == {
        port: sorted(at) for port, at in there.ports.items()
    }
    assert len(found.ports["80/tcp"]) == 2


def test_a_missing_network_is_found_out_at_the_start(place: Place) -> None:
    made = place.make("one", HostConfig={"NetworkMode": "sf-absent"})

    error = refusal(lambda: place.engine.start(made))

    assert error.status == 404
    assert error.message.endswith("network sf-absent not found")  # a new engine says what it was about before it
    assert place.look(made).status == "created"


@pytest.mark.parametrize(
    ("behaviour", "grace", "code"),
    [
        (Behaviour(term=0.0, term_exit=0), 5.0, 0),
        (Behaviour(term=0.3, term_exit=4), 5.0, 4),
        (Behaviour(term=None), 1.0, 137),
        (Behaviour(term=None), 0.3, 137),
        (Behaviour(term=5.0), 0.3, 137),
    ],
)
def test_stop(place: Place, behaviour: Behaviour, grace: float, code: int) -> None:
    place.engine.start(made := place.make("one", Behaviour(says=(("stdout", "ready"),), **_fields(behaviour))))
    place.until(lambda: list(place.engine.logs(made)) != [])

    place.engine.stop(made, grace=grace)

    ended = place.look(made)
    assert (ended.status, ended.exit_code) == ("exited", code)
    place.until(lambda: "die" in place.story(made))
    place.engine.stop(made)


def _fields(behaviour: Behaviour) -> dict[str, object]:
    return {name: getattr(behaviour, name) for name in ("term", "term_exit")}


def test_stop_with_a_signal_of_its_own(place: Place) -> None:
    body = {"StopSignal": "SIGUSR1"}
    place.engine.start(made := place.make("one", Behaviour(term=None), **body))

    place.engine.stop(made, signal="SIGKILL", grace=5)

    assert place.look(made).exit_code == 137


def test_kill_and_an_unknown_state(place: Place) -> None:
    place.engine.start(made := place.make("one"))

    place.engine.kill(made)

    place.until(lambda: place.look(made).status == "exited")
    assert place.look(made).exit_code == 137
    assert refusal(lambda: place.engine.kill(made)).status == 409
    assert refusal(lambda: place.engine.exec(made, ["true"])).status == 409
    assert refusal(lambda: place.engine.unpause(made)).status == 500


def test_pause(place: Place) -> None:
    place.engine.start(made := place.make("one"))

    place.engine.pause(made)
    assert place.look(made).status == "paused"
    assert place.look(made).running
    assert "is paused" in refusal(lambda: place.engine.exec(made, ["true"])).message
    place.engine.unpause(made)

    # A busy engine hears of both from containerd once more, late, and tells of them again (moby's daemon/monitor.go).
    place.until(lambda: place.look(made).status == "running")
    place.until(lambda: place.story(made)[:4] == ["create", "start", "pause", "unpause"])


def test_health(place: Place) -> None:
    behaviour = Behaviour(health=((0.3, "healthy"), (1.5, "unhealthy")))
    place.engine.start(made := place.make("one", behaviour))
    assert place.look(made).health in {"starting", "healthy"}

    place.until(lambda: [event.health for event in place.seen() if event.kind == "health"] == ["healthy", "unhealthy"])

    assert place.look(made).health == "unhealthy"
    assert place.look(made).status == "running"


def test_an_ended_container_with_a_check_is_unhealthy_without_an_event(place: Place) -> None:
    place.engine.start(made := place.make("one", Behaviour(health=((0.3, "healthy"),))))
    place.until(lambda: place.look(made).health == "healthy")

    place.engine.stop(made, grace=1)

    assert place.look(made).health == "unhealthy"
    place.until(lambda: "die" in place.story(made))
    assert [event.health for event in place.seen() if event.kind == "health"] == ["healthy"]


def test_removal_of_a_running_container(place: Place) -> None:
    place.engine.start(made := place.make("one"))

    place.engine.remove(place.name("one"))

    assert place.engine.inspect(made) is None
    place.until(lambda: place.story(made) == ["create", "start", "die", "destroy"])
    assert place.engine.create(place.name("one"), place.body(Behaviour()))


def test_labels_select(place: Place) -> None:
    red = place.make("one", Labels={"colour": "red"})
    blue = place.make("two", Labels={"colour": "blue"})

    def found(labels: dict[str, str]) -> set[str]:
        return {info.id for info in place.engine.containers({**place.labels, **labels})}

    assert found({}) == {red, blue}
    assert found({"colour": "red"}) == {red}
    assert found({"colour": ""}) == {red, blue}
    assert found({"shape": ""}) == set()


def test_a_network_with_a_range_hands_out_its_addresses(place: Place) -> None:
    base = f"10.219.{int(place.run[:2], 16)}"  # two runs at once share an engine
    pool = {"Subnet": f"{base}.0/24", "IPRange": f"{base}.0/25"}
    name = place.name("net")
    made = place.engine.create_network(name, {"Labels": place.labels, "IPAM": {"Config": [pool]}})

    info = place.engine.inspect_network(name)
    assert info is not None
    assert (info.id, info.name, info.driver, info.subnets) == (made, name, "bridge", (f"{base}.0/24",))
    assert info.ip_ranges == (f"{base}.0/25",)
    assert [network.id for network in place.engine.networks(place.labels)] == [made]
    assert refusal(lambda: place.engine.create_network(name, {})).status == 409
    overlap = {"IPAM": {"Config": [{"Subnet": f"{base}.0/26"}]}}
    assert "verlaps" in refusal(lambda: place.engine.create_network(place.name("other"), overlap)).message

    on_it = {"HostConfig": {"NetworkMode": name}}
    fixed = {name: {"IPAMConfig": {"IPv4Address": f"{base}.200"}}}
    place.engine.start(first := place.make("one", **on_it))
    place.engine.start(second := place.make("two", **on_it, NetworkingConfig={"EndpointsConfig": fixed}))
    assert re.fullmatch(re.escape(base) + r"\.([2-9]|\d\d|1[01]\d|12[0-6])", place.look(first).addresses[name])
    assert place.look(second).addresses == {name: f"{base}.200"}
    assert "active endpoints" in refusal(lambda: place.engine.remove_network(name)).message

    clash = place.make("three", **on_it, NetworkingConfig={"EndpointsConfig": fixed})
    assert refusal(lambda: place.engine.start(clash)).message.endswith("Address already in use")
    place.engine.stop(second, grace=1)
    place.engine.start(clash)
    assert place.look(clash).addresses == {name: f"{base}.200"}

    for container in (first, second, clash):
        place.engine.remove(container)
    place.engine.remove_network(name)
    assert place.engine.inspect_network(name) is None


def test_connect_and_disconnect(place: Place) -> None:
    name = place.name("net")
    place.engine.create_network(name, {"Labels": place.labels})
    made = place.make("one")
    place.engine.connect(name, made, {"Aliases": ["web"]})
    place.engine.start(made)
    assert set(place.look(made).addresses) == {"bridge", name}

    place.engine.disconnect(name, made)
    assert set(place.look(made).addresses) == {"bridge"}
    assert "is not connected" in refusal(lambda: place.engine.disconnect(name, made)).message
    place.engine.connect(name, made, {})

    assert set(place.look(made).addresses) == {"bridge", name}
    assert refusal(lambda: place.engine.connect("sf-absent", made, {})).status == 404


def test_volumes(place: Place) -> None:
    name = place.name("data")
    place.engine.create_volume(name, labels={**place.labels, "keep": "yes"})
    place.engine.create_volume(name)
    made = place.make("one", HostConfig={"Mounts": [{"Type": "volume", "Source": name, "Target": "/data"}]})

    info = place.engine.inspect_volume(name)
    assert info is not None
    assert (info.driver, info.labels["keep"]) == ("local", "yes")
    assert [one.name for one in place.engine.volumes(place.labels)] == [name]
    error = refusal(lambda: place.engine.remove_volume(name))
    assert error.status == 409
    assert "volume is in use" in error.message

    place.engine.remove(made)
    place.engine.remove_volume(name)
    assert place.engine.inspect_volume(name) is None


def test_archives(place: Place) -> None:
    made = place.make("one")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo("note.txt")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"hello"))

    place.engine.put_archive(made, "/tmp", [packed.getvalue()[:700], packed.getvalue()[700:]])

    with (
        closing(place.engine.get_archive(made, "/tmp/note.txt")) as source,
        tarfile.open(fileobj=source, mode="r|") as tar,
    ):
        content = tar.extractfile(next(iter(tar)))
        assert content is not None
        assert content.read() == b"hello"
    assert place.engine.is_directory(made, "/tmp") is True
    assert place.engine.is_directory(made, "/tmp/note.txt") is False
    assert place.engine.is_directory(made, "/absent") is None
    assert refusal(lambda: place.engine.is_directory("nosuch", "/tmp")).status == 404
    error = refusal(lambda: place.engine.get_archive(made, "/absent"))
    assert (error.status, "Could not find the file /absent" in error.message) == (404, True)


def test_logs(place: Place) -> None:
    says = (("stdout", "one"), ("stderr", "two"), ("stdout", "three"))
    place.engine.start(made := place.make("one", Behaviour(lives=0.5, says=says)))
    place.until(lambda: len(list(place.engine.logs(made))) == 3)

    follow = place.engine.logs(made, follow=True, stderr=False)
    place.until(lambda: place.look(made).status == "exited")

    assert list(follow) == [("stdout", b"one"), ("stdout", b"three")]
    assert list(place.engine.logs(made, stdout=False)) == [("stderr", b"two")]
    assert sorted(place.engine.logs(made)) == [("stderr", b"two"), ("stdout", b"one"), ("stdout", b"three")]
    assert len(list(place.engine.logs(made, tail=1))) == 1
    ((_, line),) = place.engine.logs(made, stdout=False, timestamps=True)
    assert re.fullmatch(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z two", line)


def test_exec(place: Place) -> None:
    command = ["sh", "-c", "echo out; echo err >&2; exit 4"]
    answer = ExecResult(4, b"out\n", b"err\n")
    place.engine.start(made := place.make("one", Behaviour(answers={" ".join(command): answer})))

    assert place.engine.exec(made, command) == answer
    assert place.engine.exec(made, ["true"]) == ExecResult(0)

    session = place.engine.exec_stream(made, command)
    said = {"stdout": b"", "stderr": b""}
    while (piece := session.read()) is not None:
        said[piece[0]] += piece[1]
    assert (said, session.exit_code()) == ({"stdout": b"out\n", "stderr": b"err\n"}, 4)
    session.close()


def test_usage_and_processes(place: Place) -> None:
    place.engine.start(made := place.make("one"))

    usage = place.engine.stats(made)
    titles, rows = place.engine.top(made)

    assert usage.pids >= 1
    assert 0 < usage.memory < usage.memory_limit
    assert "PID" in titles
    assert rows


def test_events_from_the_past(place: Place) -> None:
    place.engine.start(made := place.make("one", Behaviour(lives=0.1, exit=1)))
    place.until(lambda: "die" in place.story(made))

    flow = place.engine.events(place.look(made).started_at - 1.0, place.labels)
    kinds = [next(flow).kind for _ in range(3)]
    flow.close()

    assert kinds == ["create", "start", "die"]
    assert list(flow) == []


def test_the_image(place: Place) -> None:
    info = place.engine.image(place.image)

    assert info is not None
    assert info.tags == (place.image,)
    assert place.engine.image(info.id) == info


def test_a_start_of_what_runs_changes_nothing(place: Place) -> None:
    place.engine.start(made := place.make("one"))
    before = place.look(made)

    place.engine.start(made)

    assert place.look(made) == before
