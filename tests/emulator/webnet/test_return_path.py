"""Which tasks need a return path, the helper and its messages; and the kernel's behaviour, in namespaces."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import GATE, HELPER, STACK, TASK_ID
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.allocation import allocate
from stackferry.emulator.webnet.desired_gates import webnet
from stackferry.emulator.webnet.gate_container import hardware_address
from stackferry.emulator.webnet.image import RETURN_SCRIPT
from stackferry.emulator.webnet.nftables import Backend, Forward, Returning, table, turns
from stackferry.emulator.webnet.ports import publish
from stackferry.emulator.webnet.return_path import (
    Answer,
    Marked,
    ReturnPath,
    answer,
    helper_body,
    return_paths,
    returning,
    starting,
)
from tests.emulator.webnet.stack import cluster, facts, service, task

WEB = service("web", "s_a", ports=(PublishedPort(80, 8080),))
QUIET = service("quiet", "s_a")
GATE_ADDRESS = IPv4Address("10.0.0.131")
PATH = ReturnPath("s_web", "c1", IPv4Address("10.0.0.1"), GATE_ADDRESS)
UP = {"container_id": "c1", "started_at": 1.0}
HERE = Path(__file__).parent


def paths(*tasks: object, marks: Mapping[str, Marked] | None = {}) -> Mapping[str, ReturnPath]:
    known = facts("s_a")
    found = publish(allocate(cluster((WEB, QUIET), tasks), known), known)
    return return_paths(found, webnet(found, "s", known, marks=marks).gates.values())


def test_tasks_of_published_services_that_run_need_one() -> None:
    assert paths(task(WEB, 1, **UP), task(QUIET, 2, **UP)) == {"web-id.1": PATH}
    # Its helper runs while its health is still being found out.
    assert paths(task(WEB, 1, TaskState.STARTING, **UP)) == {"web-id.1": PATH}


@pytest.mark.parametrize(
    "fields",
    [
        {"state": TaskState.STARTING, "started_at": None},
        {"desired": TaskState.SHUTDOWN},
        {"failing": "unhealthy container"},
        {"addresses": {}},
        {"container_id": ""},
    ],
)
def test_others_need_none(fields: Mapping[str, object]) -> None:
    assert paths(replace(task(WEB, 1, **UP), **fields)) == {}


def test_where_tasks_are_to_see_the_gate_nobody_needs_one() -> None:
    assert paths(task(WEB, 1, **UP), marks=None) == {}


def test_helpers_wait_for_those_who_are_being_started() -> None:
    assert not starting(cluster((WEB,), (task(WEB, 1, **UP), task(WEB, 2, TaskState.STARTING, **UP))))
    assert starting(cluster((WEB,), (task(WEB, 1, **UP), task(WEB, 2, TaskState.PREPARING, desired=TaskState.RUNNING))))
    # One that waits for another's end is not being started.
    assert not starting(cluster((WEB,), (task(WEB, 2, TaskState.READY, desired=TaskState.READY),)))


def test_only_a_mark_for_this_gate_and_address_counts() -> None:
    backends = (Backend(IPv4Address("10.0.0.1"), "web-id.1"), Backend(IPv4Address("10.0.0.2"), "web-id.2"))
    marks = {"web-id.1": Marked(PATH, ("tcp",))}

    assert returning(backends, GATE_ADDRESS, marks) == (Returning(PATH.address, ("tcp",)),)
    assert returning(backends, IPv4Address("10.0.0.132"), marks) == ()
    # The engine has given the address to another task since.
    assert returning((Backend(PATH.address, "web-id.3"),), GATE_ADDRESS, marks) == ()
    assert returning((Backend(IPv4Address("10.0.0.9"), "web-id.1"),), GATE_ADDRESS, marks) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("= 0 all\n", Answer(0, ("tcp", "udp", "sctp"))),
        ("= 0 tcp\n", Answer(0, ("tcp",))),
        ("= 3 \n", Answer(3)),
        ("ip: not permitted\n= 1 \n", Answer(1, said="ip: not permitted")),
        ("cut o", Answer(-1, said="cut o")),
        ("", Answer(-1)),
    ],
)
def test_what_a_helper_says(text: str, expected: Answer) -> None:
    assert answer(text) == expected


def test_a_helper_has_one_right_in_the_tasks_network() -> None:
    body = helper_body(PATH, "web-id.1", "s", "image", {"a": "1"})

    host = body["HostConfig"]
    assert host["NetworkMode"] == "container:c1"
    assert (host["CapDrop"], host["CapAdd"], host["ReadonlyRootfs"]) == (["ALL"], ["NET_ADMIN"], True)
    assert host["AutoRemove"] is True
    assert host["Sysctls"] == {"a": "1"}
    assert body["Cmd"] == ["/return.sh", "10.0.0.1", "10.0.0.131", "02:42:0a:00:00:83"]
    # Swept with gates if it was never started, and no task.
    assert body["Labels"].items() >= {STACK: "s", GATE: "s_web", HELPER: "web-id.1"}.items()
    assert TASK_ID not in body["Labels"]


GATE_AT, SUBNET = IPv4Address("10.0.0.128"), IPv4Network("10.0.0.0/24")
TASKS = tuple(Backend(IPv4Address(f"10.0.0.{one}"), f"t{one}") for one in (2, 3))
FORWARDS = (Forward(8080, "tcp", 80, TASKS), Forward(8080, "udp", 80, TASKS))


def seen(tmp_path: Path, script: str, protocols: tuple[str, ...] = ("tcp", "udp")) -> list[str]:
    """What a script says in a model of one host: a gate, tasks t2 (with a mark) and t3, and a client elsewhere."""
    if any(shutil.which(one) is None for one in ("unshare", "nft", "ip", "busybox", "python3")):
        pytest.skip("no programs for it here")
    rules = table((), FORWARDS, subnet=SUBNET, returning=(Returning(TASKS[0].address, protocols),))
    chains = [line.split(" ", 2)[1:] for line in turns((), FORWARDS).splitlines()]
    made = "".join(f"add chain ip stackferry {one}\nadd rule ip stackferry {one} {rule}\n" for one, rule in chains)
    (tmp_path / "rules").write_text(f"add table ip stackferry\n{made}{rules}", encoding="ascii")
    fields = {"TMP": tmp_path, "HERE": HERE, "RETURN": RETURN_SCRIPT, "HARDWARE": hardware_address(GATE_AT)}
    done = subprocess.run(
        ["unshare", "-n", "-m", "sh", "-c", f". {HERE}/model.sh\n{script}\nend"],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **{key: str(value) for key, value in fields.items()}},
        capture_output=True,
        text=True,
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_a_task_sees_who_asks_and_one_without_a_mark_the_gate(tmp_path: Path) -> None:
    said = seen(tmp_path, "way_back\nway_back\nask client\nask host\nask t3\nin_ns t2 ip rule | grep -c 217:")

    assert said == [
        "= 0 all",
        "= 0 all",
        *("tcp t2 198.51.100.9", "tcp t3 10.0.0.128", "udp t2 198.51.100.9", "udp t3 10.0.0.128"),
        *("tcp t2 198.51.100.1", "tcp t3 10.0.0.128", "udp t2 198.51.100.1", "udp t3 10.0.0.128"),
        # Neighbours would be answered past the gate.
        *("tcp t2 10.0.0.128", "tcp t3 10.0.0.128", "udp t2 10.0.0.128", "udp t3 10.0.0.128"),
        # Done twice, it is there once.
        "1",
    ]


def test_a_task_whose_usual_way_out_is_another_network(tmp_path: Path) -> None:
    """The strict check would drop without a word; and a datagram's sender would be the other network's address."""
    said = seen(
        tmp_path,
        "second_network\nfor strict in 1 2 0; do filter t2 $strict; way_back; done\nask client",
        ("tcp",),
    )

    assert said == [
        *("= 3 ", "= 0 tcp", "= 0 tcp"),
        *("tcp t2 198.51.100.9", "tcp t3 10.0.0.128", "udp t2 10.0.0.128", "udp t3 10.0.0.128"),
    ]


def test_a_task_without_a_way_out_or_an_address(tmp_path: Path) -> None:
    said = seen(tmp_path, "in_ns t2 ip route del default\nway_back\nway_back 10.0.0.77")

    assert said == ["there is no default route", "= 1 ", "10.0.0.77 is not here", "= 1 "]
