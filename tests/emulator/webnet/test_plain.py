"""Where a gate may not balance: names resolve to healthy tasks, published ports are relayed."""

import collections
import time
from collections.abc import Iterator

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.webnet.gate_container import PLAIN
from tests.emulator.webnet.traffic import Traffic, ask, skip_without_programs
from tests.swarm.names import answers_in_order

pytestmark = pytest.mark.slow

BOTH = "    networks: [front]\n  far:"

SOON = "      interval: 500ms"


class Plain(Traffic):
    """The client is in two networks, and a task that does not answer is soon unhealthy."""

    def write(self, compose: str) -> None:
        super().write(
            compose.replace(BOTH, BOTH.replace("[front]", "[front, back]")).replace(
                SOON, f"{SOON}\n      timeout: 3s\n      retries: 2"
            )
        )

    def addresses(self, name: str) -> list[str]:
        return answers_in_order(self.inside("client", f"busybox nslookup -type=a {name}"))


@pytest.fixture(scope="module")
def plain(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    skip_without_programs()
    found = Plain(engine, tmp_path_factory.mktemp("plain"), image)
    found.environment["STACKFERRY_WEBNET"] = "plain"
    try:
        found.ok("up", "-d", "-q")
        yield found
    finally:
        found.close()


def tasks_at(plain: Plain, key: str, network: str) -> set[str]:
    return {task.addresses[f"{plain.name}_{network}"] for task in plain.tasks_of(key)}


def test_no_gate_has_a_right_that_it_cannot_use(plain: Plain) -> None:
    gates = [info for info in plain.containers() if PLAIN in info.labels]

    # One for each network, one for those in both, one for the published port.
    assert len(gates) == 4
    assert all(info.running for info in gates)
    done = plain.engine.exec(plain.gate(), ["ip", "addr", "add", "10.9.9.9/32", "dev", "lo"])
    assert done.exit_code != 0


def test_names_stand_for_the_tasks_in_rotation(plain: Plain) -> None:
    web = tasks_at(plain, "web", "front")
    assert len(web) == 3
    plain.eventually(lambda: set(plain.addresses("web")) == web)
    for name in ("web", f"{plain.name}_web", "www", "tasks.web"):
        assert set(plain.addresses(name)) == web, name
    # It is in both networks, and knows the names of both.
    assert set(plain.addresses("far")) == tasks_at(plain, "far", "back")
    assert plain.service("web").vips.keys() & {f"{plain.name}_front"} == set()
    # Another one is in front each time: clients that take the first are spread.
    assert {plain.addresses("web")[0] for _ in range(12)} == web


def test_a_published_port_is_relayed_in_turn(plain: Plain) -> None:
    plain.eventually(lambda: ask("127.0.0.1", plain.port) != "")
    answers = collections.Counter(ask("127.0.0.1", plain.port) for _ in range(30))

    assert sorted(answers.values()) == [10, 10, 10]


def test_a_sick_task_gets_nothing_new(plain: Plain) -> None:
    victim = plain.tasks_of("web")[0]
    address = victim.addresses[f"{plain.name}_front"]
    plain.engine.kill(victim.container_id, "STOP")

    plain.eventually(lambda: address not in plain.addresses("web"))

    assert plain.info(victim).running
    plain.eventually(lambda: len(tasks_at(plain, "web", "front")) == 3)
    plain.eventually(lambda: set(plain.addresses("web")) == tasks_at(plain, "web", "front"))


def test_a_killed_gate_is_back(plain: Plain) -> None:
    for gate in (plain.gate(), plain.ingress()):
        plain.engine.kill(gate)

    begun = time.monotonic()
    plain.eventually(lambda: ask("127.0.0.1", plain.port, timeout=0.2) != "")
    plain.eventually(lambda: set(plain.addresses("web")) == tasks_at(plain, "web", "front"))
    assert time.monotonic() - begun < 20


def test_it_stays_so_under_the_next_manager(plain: Plain) -> None:
    before = {info.id for info in plain.containers() if PLAIN in info.labels}
    del plain.environment["STACKFERRY_WEBNET"]
    plain.kill_manager()

    plain.ok("up", "-d", "-q")

    assert {info.id for info in plain.containers() if PLAIN in info.labels} == before
    assert ask("127.0.0.1", plain.port)
