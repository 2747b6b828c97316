"""One text in three places: a file's short form, an option of `run`, a flag of `service create` give the same spec."""

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.emulator.cluster.container import ContainerSpec, MountSpec
from stackferry.emulator.cluster.spec import PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.grammar.compose.syntax.capability import effective
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.go_format import float_text
from stackferry.options.edits.edit import PayloadLookup
from stackferry.options.run_values import capabilities, mounts, ports
from stackferry.options.service_flags import edited
from tests.emulator.stacks import HERE, made, spec_of

NOTHING: Any = PayloadLookup(None)  # type: ignore[arg-type]
SERVICE = ServiceSpec("w", task=TaskTemplate(ContainerSpec("a")))
REFUSED = "refused"


def in_file(**service: object) -> DesiredStack:
    return made(json.dumps({"name": "s", "services": {"w": {"image": "a", **service}}, "volumes": {"data": None}}))


def container(spec: ServiceSpec) -> ContainerSpec:
    assert spec.task.container is not None
    return spec.task.container


def by_flag(**flags: object) -> ServiceSpec:
    return edited(SERVICE, flags, NOTHING)


def ports_of_a_file(text: str) -> object:
    try:
        return set(spec_of(in_file(ports=[text]), "w").endpoint.ports)
    except StackferryError:
        return REFUSED


def ports_of_run(text: str) -> object:
    try:
        found = ports((), [text]).ports
    except StackferryError:
        return REFUSED
    assert {one.mode for one in found} == {"host"}
    return {replace(one, mode="ingress") for one in found}


def ports_of_a_flag(text: str) -> object:
    try:
        return set(by_flag(publish=[text]).endpoint.ports)
    except StackferryError:
        return REFUSED


NUMBERS = st.sampled_from(["0", "1", "80", "080", "8000", "65535", "65536", "", "x", "-1", "+80", "8_0", " 80"])
RANGES = st.one_of(NUMBERS, st.sampled_from(["80-81", "81-80", "8000-8001", "8000-8002", "80-", "80-80"]))
PORTS = st.builds(
    lambda published, target, protocol: f"{published}{target}{protocol}",
    st.one_of(st.just(""), RANGES.map(lambda text: f"{text}:")),
    RANGES,
    st.sampled_from(["", "/tcp", "/UDP", "/sctp", "/icmp", "/"]),
)


@settings(max_examples=80, deadline=None)
@given(PORTS)
def test_ports(text: str) -> None:
    assert ports_of_a_file(text) == ports_of_run(text) == ports_of_a_flag(text)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["127.0.0.1", "[::1]", "::1", "localhost", "1.2.3", "[::1"]), PORTS)
def test_an_address_is_for_files_and_run(address: str, port: str) -> None:
    text = f"{address}:{port if ':' in port else f':{port}'}"

    assert ports_of_a_file(text) == ports_of_run(text)
    assert ports_of_a_flag(text) == REFUSED


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 65535),
    st.integers(0, 65535),
    st.sampled_from(["tcp", "udp", "sctp"]),
    st.sampled_from(["ingress", "host"]),
)
def test_the_long_notation_of_ports(target: int, published: int, protocol: str, mode: str) -> None:
    long = f"published={published},target={target},protocol={protocol},mode={mode}"
    entry = {"target": target, "published": str(published), "protocol": protocol, "mode": mode}

    assert spec_of(in_file(ports=[entry]), "w").endpoint.ports == by_flag(publish=[long]).endpoint.ports


def mount_of_a_file(text: str) -> object:
    try:
        return container(spec_of(in_file(volumes=[text]), "w")).mounts
    except StackferryError:
        return REFUSED


def mount_of_run(text: str) -> object:
    stack = in_file(volumes=["data:/x"])
    try:
        return mounts((), [text], stack, HERE)
    except StackferryError:
        return REFUSED


SOURCES = ["", "data:", "./a:", "../a/./b:", "/a:", "/a/../b:", "C:\\a:", "c:/a:", "\\\\.\\pipe\\x:", "~/a:", ".:", ":"]
MODES = ["ro", "rw", "z", "Z", "nocopy", "rprivate", "shared", "rslave", "cached", "ro,z", "rw,ro,private", "rx", ""]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(SOURCES),
    st.sampled_from(["/b", "/b/../c", "/b//c/", "C:\\b", "x", ""]),
    st.one_of(st.just(""), st.sampled_from(MODES).map(lambda text: f":{text}")),
)
def test_mounts(source: str, target: str, mode: str) -> None:
    text = f"{source}{target}{mode}"
    # The home of the stack in memory is not that of this shell.
    if "~" not in text:
        assert mount_of_a_file(text) == mount_of_run(text)


def test_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")

    assert mount_of_run("~/a:/b") == (MountSpec("bind", "/b", "/home/me/a", create_host_path=True),)


def test_a_volume_of_the_stack_has_its_own_name_driver_and_labels() -> None:
    own = VolumeSpec("data", "elsewhere", driver="nfs", options={"o": "x"}, labels={"a": "b"})
    stack = DesiredStack("s", volumes=(own,))

    assert mounts((), ["data:/b"], stack, HERE) == (
        MountSpec("volume", "/b", "elsewhere", labels={"a": "b"}, driver="nfs", driver_opts={"o": "x"}),
    )


LONG_MOUNTS: list[tuple[str, dict[str, object]]] = [
    ("target=/b", {"type": "volume"}),
    ("type=volume,src=data,dst=/b,volume-nocopy", {"type": "volume", "source": "own", "volume": {"nocopy": True}}),
    ("source=data,target=/b,volume-subpath=x/y", {"type": "volume", "source": "own", "volume": {"subpath": "x/y"}}),
    ("target=/b,volume-label=k=v,volume-label=l", {"type": "volume", "volume": {"labels": {"k": "v", "l": ""}}}),
    ("type=bind,source=/a,target=/b,readonly", {"type": "bind", "source": "/a", "read_only": True}),
    ("type=BIND,source=/a,target=/b,ro=0", {"type": "bind", "source": "/a"}),
    ('type=bind,"source=/a,c",target=/b', {"type": "bind", "source": "/a,c"}),
    (
        "type=bind,source=/a,target=/b,bind-propagation=RSlave",
        {"type": "bind", "source": "/a", "bind": {"propagation": "rslave"}},
    ),
    (
        "type=bind,source=/a,target=/b,bind-recursive=disabled",
        {"type": "bind", "source": "/a", "bind": {"recursive": "disabled"}},
    ),
    (
        "type=bind,source=/a,target=/b,bind-nonrecursive",
        {"type": "bind", "source": "/a", "bind": {"recursive": "disabled"}},
    ),
    ("type=tmpfs,target=/b,tmpfs-size=64m,tmpfs-mode=1777", {"type": "tmpfs", "tmpfs": {"size": "64m", "mode": 1023}}),
    ("type=image,source=a,target=/b,image-subpath=x", {"type": "image", "source": "a", "image": {"subpath": "x"}}),
]


@pytest.mark.parametrize(("text", "entry"), LONG_MOUNTS)
def test_the_notation_of_mount(text: str, entry: dict[str, object]) -> None:
    """What a file's long syntax says of the same; the name of the volume and the folder are the stack's there."""
    given = {key: "data" if value == "own" else value for key, value in entry.items()}
    (expected,) = container(spec_of(in_file(volumes=[{**given, "target": "/b"}]), "w")).mounts
    if "source" in given and given["source"] == "data":
        expected = replace(expected, source="data", labels={})

    assert container(by_flag(mount=[text])).mounts == (replace(expected, create_host_path=False),)


def capabilities_of_a_file(add: list[str], drop: list[str]) -> dict[str, object]:
    lists = {key: names for key, names in (("cap_add", add), ("cap_drop", drop)) if names}
    return dict(container(spec_of(in_file(**lists), "w")).options)


NAMES = st.lists(st.sampled_from(["NET_ADMIN", "CAP_KILL", "CHOWN", "SYS_TIME", "ALL"]), max_size=3, unique=True)


def cases(names: list[str]) -> list[str]:
    """The same capabilities, written otherwise."""
    return [name.lower().removeprefix("cap_") for name in names]


@settings(max_examples=50, deadline=None)
@given(NAMES, NAMES)
def test_capabilities(add: list[str], drop: list[str]) -> None:
    found = capabilities_of_a_file(add, drop)

    assert capabilities_of_a_file(cases(add), cases(drop)) == found
    # A swarm sorts, has ALL stand for all others, and lets what is added win; docker compose passes the lists on.
    lists = zip(("CapAdd", "CapDrop"), effective(add, drop), strict=True)
    of_a_swarm = {key: names for key, names in lists if names}
    assert container(by_flag(cap_add=add, cap_drop=cases(drop))).options == of_a_swarm
    if not set(add) & set(drop):
        assert capabilities({}, cases(add), drop) == of_a_swarm


def cpus_of_a_file(text: str, *keys: str) -> object:
    entry: object = text if keys else yaml.safe_load(text)
    for key in reversed((*keys, "cpus")):
        entry = {key: entry}
    try:
        spec = spec_of(in_file(**entry), "w")  # type: ignore[arg-type]
    except StackferryError:
        return REFUSED
    return spec.task.reservations.nano_cpus if "reservations" in keys else container(spec).options.get("NanoCpus", 0)


def cpus_of_a_flag(text: str, name: str) -> object:
    try:
        spec = by_flag(**{name: text})
    except StackferryError:
        return REFUSED
    return spec.task.reservations.nano_cpus if name == "reserve_cpu" else container(spec).options["NanoCpus"]


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("0.5", 500_000_000),
        (".5", 500_000_000),
        ("2", 2_000_000_000),
        ("0", 0),
        ("0.001", 1_000_000),
        ("0.1", 100_000_000),
        ("0.3", 300_000_000),
        ("0.7", 700_000_000),
        ("1.1", 1_100_000_000),
        ("3.14159", 3_141_590_000),
        ("1e-2", 10_000_000),
        ("1024", 1_024_000_000_000),
        ("0.0009", REFUSED),
        ("-1", REFUSED),
        ("-0.5", REFUSED),
        ("1e-10", REFUSED),
        ("1e10", REFUSED),
        ("1e30", REFUSED),
        ("inf", REFUSED),
        ("nan", REFUSED),
        ("half", REFUSED),
    ],
)
def test_cpus(text: str, nano: object) -> None:
    assert cpus_of_a_flag(text, "limit_cpu") == cpus_of_a_flag(text, "reserve_cpu") == nano
    for side in ("limits", "reservations"):
        assert cpus_of_a_file(text, "deploy", "resources", side) == nano
    if text not in ("inf", "nan", "half"):
        assert cpus_of_a_file(text) == nano


def test_more_decimals_than_a_file_keeps() -> None:
    """A file's number has 32 bits, as docker compose's; a flag's is exact, as docker's."""
    assert cpus_of_a_flag("0.123456789", "limit_cpu") == 123_456_789
    assert cpus_of_a_file("0.123456789") == 123_456_790
    assert cpus_of_a_flag("0.30000000000000004", "limit_cpu") == REFUSED
    assert cpus_of_a_file("0.30000000000000004") == 300_000_000


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 99_999))
def test_cpus_of_five_digits(thousandths: int) -> None:
    text = float_text(thousandths / 1000)

    assert cpus_of_a_file(text) == cpus_of_a_flag(text, "limit_cpu") == thousandths * 1_000_000


def test_ports_are_added_once_and_removed_by_what_they_aim_at() -> None:
    spec = by_flag(publish=["8080:80", "9090:80", "8080:80", "53:53/udp", "published=1,target=80,mode=host"])
    assert spec.endpoint.ports == (
        PublishedPort(80, 8080),
        PublishedPort(80, 9090),
        PublishedPort(53, 53, "udp"),
        PublishedPort(80, 1, mode="host"),
    )

    assert edited(spec, {"publish_rm": ["80", "53"]}, NOTHING).endpoint.ports == spec.endpoint.ports[2:]
    left = edited(spec, {"publish_rm": ["target=80,mode=host"]}, NOTHING).endpoint.ports
    assert left == spec.endpoint.ports[:3]


@pytest.mark.parametrize(
    ("own", "add", "drop", "expected"),
    [
        (([], []), ["net_admin", "ALL"], [], (["ALL"], [])),
        (([], []), ["KILL"], ["CAP_KILL", "CHOWN"], (["CAP_KILL"], ["CAP_CHOWN"])),
        ((["CAP_KILL"], []), [], ["kill"], ([], [])),
        ((["CAP_KILL"], []), [], ["kill", "CHOWN"], ([], ["CAP_CHOWN"])),
        (([], ["CAP_KILL"]), ["kill"], [], ([], [])),
        (([], ["CAP_KILL"]), ["kill"], ["kill"], ([], [])),
        ((["CAP_CHOWN"], []), ["kill"], ["kill"], (["CAP_CHOWN", "CAP_KILL"], [])),
        ((["CAP_CHOWN"], ["CAP_KILL"]), ["RESET", "SYS_TIME"], [], (["CAP_SYS_TIME"], ["CAP_KILL"])),
        ((["CAP_CHOWN"], ["CAP_KILL"]), [], ["reset"], (["CAP_CHOWN"], [])),
        (([], []), ["RESET"], [], ([], [])),
    ],
)
def test_capabilities_of_an_update(
    own: tuple[list[str], list[str]], add: list[str], drop: list[str], expected: tuple[list[str], list[str]]
) -> None:
    """As docker/cli's `updateCapabilities`."""
    options = dict(zip(("CapAdd", "CapDrop"), own, strict=True))
    spec = replace(SERVICE, task=TaskTemplate(ContainerSpec("a", options=options)))

    found = container(edited(spec, {"cap_add": add, "cap_drop": drop}, NOTHING)).options

    assert (found.get("CapAdd", []), found.get("CapDrop", [])) == expected


def test_a_mount_has_the_driver_that_a_file_says_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    text = "source=d,target=/b,volume-driver=nfs,volume-opt=type=nfs,volume-opt=o=addr=1"
    assert container(by_flag(mount=[text])).mounts == (
        MountSpec("volume", "/b", "d", driver="nfs", driver_opts={"type": "nfs", "o": "addr=1"}),
    )
    monkeypatch.chdir(tmp_path)
    (mount,) = container(by_flag(mount=["type=bind,source=./x,target=/b"])).mounts
    assert mount.source == f"{tmp_path}/x"


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ({"publish": ["80x"]}, "--publish 80x: invalid container port '80x'"),
        ({"publish_rm": ["x"]}, "--publish-rm x: invalid container port 'x'"),
        ({"publish": ["127.0.0.1:80:80"]}, "hostip is not supported"),
        ({"placement_pref_rm": ["x"]}, "--placement-pref-rm x: unsupported placement preference"),
        ({"mount": ["type=x,target=/a"]}, "--mount type=x,target=/a: invalid value for type: x"),
        ({"limit_cpu": "half"}, "--limit-cpu: invalid number of CPUs 'half'"),
        ({"reserve_cpu": "-1"}, "--reserve-cpu: invalid cpu value -1: Must be at least 0.001"),
    ],
)
def test_what_is_refused_names_the_flag(flags: dict[str, object], says: str) -> None:
    with pytest.raises(StackferryError) as caught:
        by_flag(**flags)
    assert says in str(caught.value)
