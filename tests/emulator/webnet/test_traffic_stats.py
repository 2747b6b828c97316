from dataclasses import replace
from ipaddress import IPv4Address

from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.conntrack import Flow
from stackferry.emulator.webnet.traffic_stats import TrafficStats, counters, figures, of_task, returning, sees, standing
from tests.emulator.webnet.stack import service, task

ONE, TWO = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")
COUNTERS = """\
table ip stackferry {
	counter new_10_0_0_1 {
		packets 7 bytes 420
	}
	counter new_10_0_0_2 {
		packets 0 bytes 0
	}
}
"""


def test_counters() -> None:
    assert counters(COUNTERS) == {ONE: 7, TWO: 0}


def test_figures_of_a_gate_and_of_a_task() -> None:
    flow = Flow("tcp", "ESTABLISHED", TWO, TWO, 80, ONE, 10, 20)
    gate = figures([flow, replace(flow, state="TIME_WAIT")], counters(COUNTERS))

    assert gate == {ONE: TrafficStats(1, 7, 60), TWO: TrafficStats()}
    assert of_task(task(service("web", "s_a"), 1), [gate, gate]) == TrafficStats(2, 14, 120)


def test_how_a_task_stands() -> None:
    running = task(service("web", "s_a"), 1)

    assert standing(running) == "in rotation"
    assert standing(replace(running, desired=TaskState.SHUTDOWN)) == "draining"
    assert standing(replace(running, failing="unhealthy container")) == "unhealthy"
    assert standing(replace(running, state=TaskState.STARTING)) == "starting"


SET = """\
table ip stackferry {
	set returning {
		type ipv4_addr . inet_proto
		elements = { 10.0.0.1 . tcp,
			10.0.0.2 . 17, 10.0.0.2 . 132 }
	}
}
"""


def test_whom_a_task_sees() -> None:
    kept = returning(SET)
    tcp, both = (PublishedPort(80, 80),), (PublishedPort(80, 80), PublishedPort(53, 53, "udp"))

    assert kept == {(ONE, "tcp"), (TWO, "udp"), (TWO, "sctp")}
    assert sees(task(service("web", "s_a", ports=tcp), 1), kept) == "client"
    assert sees(task(service("web", "s_a", ports=tcp), 2), kept) == "gate"
    assert sees(task(service("web", "s_a", ports=both), 1), kept) == "client (tcp)"
    assert sees(task(service("web", "s_a"), 1), kept) == ""
    assert sees(task(service("web", "s_a", ports=(PublishedPort(80, 80, mode="host"),)), 1), kept) == ""
