"""An engine whose seccomp profile refuses nf_tables to containers, even with NET_ADMIN."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.webnet.gate_container import PLAIN
from tests.emulator.webnet.traffic import Traffic, skip_without_programs
from tests.engine.image import import_busybox
from tests.swarm.names import answers_in_order
from tests.swarm.report import engine as an_engine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may start an engine of its own"),
]

NETLINK, NETFILTER = 16, 12
PROFILE = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [
        {
            "names": ["socket"],
            "action": "SCMP_ACT_ERRNO",
            "args": [
                {"index": 0, "value": NETLINK, "op": "SCMP_CMP_EQ"},
                {"index": 2, "value": NETFILTER, "op": "SCMP_CMP_EQ"},
            ],
        }
    ],
}


class Refused(Traffic):
    """On an engine in a network namespace of its own: its ports are asked there."""

    address = ""

    def answered(self, seconds: float = 2.0) -> dict[str, int]:
        """Who answers how many connections to the published port, one after the other."""
        pid = Path(self.address.removeprefix("unix://")).with_name("d.pid").read_text().strip()
        words = [sys.executable, Path(__file__).with_name("load.py"), "127.0.0.1", str(self.port), "1", str(seconds)]
        words = ["nsenter", "-t", pid, "-n", *map(str, words), "new"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
            assert load.stdout is not None
            said = json.load(load.stdout)
        assert not said["failures"], said
        return dict(said["by"])


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    skip_without_programs()
    folder = tmp_path_factory.mktemp("refused")
    profile = folder / "seccomp.json"
    profile.write_text(json.dumps(PROFILE))
    with an_engine("", f"--seccomp-profile={profile}") as address, closing(DockerEngine(address)) as connection:
        stack = Refused(connection, folder, import_busybox(connection))
        stack.address = stack.environment["DOCKER_HOST"] = address
        try:
            stack.ok("up", "-d", "-q")
            yield stack
        finally:
            stack.close()


def test_it_is_said_beforehand_and_once(refused: Refused) -> None:
    told = [line for line in refused.ok("doctor").splitlines() if line.startswith("warn")]
    assert len(told) == 2
    assert told[0].startswith("warn  webnet: nf_tables: ")
    assert told[1].startswith("warn  published ports: nf_tables is missing, so tasks see the gate's address")

    assert refused.home.log.read_text().count("no load-balanced network: ") == 1


def test_names_stand_for_the_tasks_and_ports_are_relayed_in_turn(refused: Refused) -> None:
    web = {task.addresses[f"{refused.name}_front"] for task in refused.tasks_of("web")}
    assert len(web) == 3
    assert all(PLAIN in info.labels for info in refused.containers() if info.name.endswith((".ingress", "_front")))
    refused.eventually(
        lambda: set(answers_in_order(refused.inside("client", "busybox nslookup -type=a web"))) == web, 20
    )
    refused.eventually(lambda: len(refused.answered(0.3)) == 3, 20)

    counts = refused.answered().values()

    assert max(counts) - min(counts) <= 1, counts
