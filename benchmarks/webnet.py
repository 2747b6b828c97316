"""What the load-balanced network costs: traffic through a gate against none, docker-proxy and HAProxy, in one run.

`python -m benchmarks.webnet [--rounds N] [--seconds S]`; needs a Docker Engine, and on this host wrk and nginx
(Debian: wrk nginx-light; haproxy too, if it is to be compared). Everything runs in containers of its own, which
are lent this host's programs, and on loopback. All paths are measured in turn in each round; ratios are medians
over the rounds, because the machine's speed varies more than they do. Where a gate is compared with no gate, both
have the same one task: three of them on few processors would be slower for having more to switch between. HAProxy is
compared with one task and with three. Where root runs it, a client that is elsewhere asks, too: at a gate that hides it
from the task, as a swarm does, and at one whose task sees it and answers through the gate (`seen`).

A kernel with br_netfilter shows each bridged packet to the host's rules, too: once on the direct path, twice through
a gate. Engines before v28 load it and engines since do not, so the first line says which it is.
"""

import argparse
import contextlib
import functools
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.webnet.address import area
from stackferry.emulator.webnet.gate import Gate
from stackferry.emulator.webnet.gate_state import Binding, GateState
from stackferry.emulator.webnet.image import ensure_image
from stackferry.emulator.webnet.network import make_network
from stackferry.emulator.webnet.nftables import Backend, Balanced, Forward, Returning
from stackferry.emulator.webnet.return_helper import mark
from stackferry.emulator.webnet.return_path import ReturnPath
from tests.emulator.webnet.outside import Outside
from tests.engine.image import import_busybox

LABEL = "io.stackferry.benchmark"
LENT = ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro"]
PORT, PROXY_PORT, HIDDEN_PORT, SEEN_PORT = 18921, 18922, 18923, 18924
NGINX = (
    "daemon off; master_process off; pid /run/n.pid; error_log /dev/null; events { worker_connections 4096; } "
    "http { access_log off; keepalive_requests 100000000; client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; "
    "fastcgi_temp_path /tmp/f; uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s; "
    "server { listen 80 backlog=4096; location / { return 200 ok; } } }"
)
RATIOS = (
    ("vip", "direct"),
    ("published", "docker-proxy"),
    ("vip", "haproxy of 1"),
    ("vip of 3", "haproxy of 3"),
    ("seen", "hidden"),
)
BRIDGED = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")
BALANCER = (
    "global\\n nbthread 1\\n maxconn 4000\\ndefaults\\n mode tcp\\n timeout connect 5s\\n timeout client 60s\\n"
    " timeout server 60s\\nlisten all\\n bind :80\\n balance roundrobin\\n"
)


@dataclass(frozen=True, slots=True)
class Result:
    """Requests per second, and the 99th percentile of latency in milliseconds."""

    rate: float
    p99: float


class Bench:
    """The containers of one run."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.run = f"sfb{uuid.uuid4().hex[:6]}"
        self.image = import_busybox(engine)
        make_network(engine, NetworkSpec("n", self.run, labels={LABEL: self.run}), {})
        info = engine.inspect_network(self.run)
        found = area(info, self.run, external=False) if info else None
        assert found is not None
        self.vip, self.single, self.free = itertools.islice(found.addresses(), 3)
        self.names: list[str] = []
        self.tasks = [self.nginx(f"b{one}") for one in range(3)]
        self.client = self.container("client", "sleep 100000")
        gate_image = ensure_image(engine)
        self.gate = Gate(engine, self.run, f"{self.run}.gate", gate_image, {})
        self.ingress = Gate(engine, self.run, f"{self.run}.ingress", gate_image, {})
        alone = Balanced(self.single, "one", self.backends(self.tasks[:1]))
        self.state = GateState(self.gate.name, self.run, "n", found.gate, balanced=(self.balanced(self.tasks), alone))
        self.put(self.gate, self.state)
        forwards = (Forward(PORT, "tcp", 80, self.backends(self.tasks[:1])),)
        binding = Binding(PORT, "tcp", "127.0.0.1")
        self.put(self.ingress, GateState(self.ingress.name, self.run, "w", bindings=(binding,), forwards=forwards))
        self.published = self.nginx("proxied", PROXY_PORT)
        self.elsewhere = Outside() if os.geteuid() == 0 else None
        self.gates = [self.hidden(), self.seen(found.subnet)] if self.elsewhere else []
        tasks = {1: self.tasks[:1], 3: self.tasks} if shutil.which("haproxy") else {}
        self.haproxy = {count: self.balancer(f"haproxy{count}", some) for count, some in tasks.items()}

    def container(self, short: str, command: str, port: int = 0) -> str:
        """Start a container; returns its name."""
        name = f"{self.run}-{short}"
        host: dict[str, object] = {"NetworkMode": self.run, "Binds": LENT, "Init": True}
        if port:
            host["PortBindings"] = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
        body = {"Image": self.image, "Cmd": ["sh", "-c", command], "Labels": {LABEL: self.run}, "HostConfig": host}
        self.names.append(name)
        self.engine.create(name, {**body, "ExposedPorts": {"80/tcp": {}}})
        self.engine.start(name)
        return name

    def nginx(self, short: str, port: int = 0) -> str:
        """A web server with one process."""
        made = "mkdir -p /etc /run /tmp /var/log/nginx /var/lib/nginx; echo root:x:0:0::/:/bin/sh >/etc/passwd; "
        made += "echo root:x:0: >/etc/group; echo nogroup:x:65534: >>/etc/group; "
        made += "echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd; "
        return self.container(short, f"{made} echo '{NGINX}' >/n.conf; exec /usr/sbin/nginx -c /n.conf", port)

    def balancer(self, short: str, tasks: Sequence[str]) -> str:
        """HAProxy in TCP mode in front of the same tasks."""
        servers = "".join(f" server s{at} {self.address(name)}:80\\n" for at, name in enumerate(tasks))
        return self.container(short, f"printf '{BALANCER}{servers}' >/h.cfg; exec /usr/sbin/haproxy -db -f /h.cfg")

    def hidden(self) -> Gate:
        """A gate whose task sees the gate's address, not the client's. No task has two gates: ports would conflict."""
        task = self.nginx("hidden")
        gate = Gate(self.engine, self.run, f"{self.run}.hidden", self.gate.image, {})
        forwards = (Forward(HIDDEN_PORT, "tcp", 80, self.backends([task])),)
        self.put(gate, GateState(gate.name, self.run, "h", bindings=(Binding(HIDDEN_PORT, "tcp"),), forwards=forwards))
        return gate

    def seen(self, subnet: IPv4Network) -> Gate:
        """A gate whose task sees the client's address."""
        task = self.nginx("seen")
        gate = Gate(self.engine, self.run, f"{self.run}.seen", self.gate.image, {})
        forwards = (Forward(SEEN_PORT, "tcp", 80, self.backends([task])),)
        state = GateState(gate.name, self.run, "s", self.free, bindings=(Binding(SEEN_PORT, "tcp"),), forwards=forwards)
        self.put(gate, replace(state, subnet=subnet))
        path = ReturnPath("s", task, self.address(task), self.free)
        marked = mark(self.engine, self.run, gate.image, "seen", path)
        kept = (Returning(path.address, marked.protocols),)
        self.put(gate, replace(state, subnet=subnet, returning=kept))
        return gate

    def address(self, name: str) -> IPv4Address:
        """The address of a container."""
        info = self.engine.inspect(name)
        assert info is not None
        return IPv4Address(info.addresses[self.run])

    def backends(self, names: Sequence[str]) -> tuple[Backend, ...]:
        """Containers as backends of a gate."""
        return tuple(Backend(self.address(name), name) for name in names)

    def balanced(self, names: Sequence[str]) -> Balanced:
        """The VIP, balanced over these containers."""
        return Balanced(self.vip, "web", self.backends(names))

    def put(self, gate: Gate, state: GateState) -> None:
        """Create a gate if needed, and apply a state."""
        gate.ensure(state)
        gate.apply(state, ())

    def close(self) -> None:
        """Remove all containers and gates."""
        if self.elsewhere:
            self.elsewhere.close()
        for name in (*self.names, *(one.name for one in (self.gate, self.ingress, *self.gates))):
            self.engine.remove(name)
        self.engine.remove_network(self.run)

    def inside(self, target: object, seconds: float, close: bool) -> Result:
        """Measure with a client in a container."""
        done = self.engine.exec(self.client, ["/usr/bin/wrk", *_words(f"http://{target}:80/", close, seconds)])
        return _result(done.stdout.decode())

    def outside(self, port: int, seconds: float, close: bool) -> Result:
        """Measure from the host, on loopback."""
        words = ["wrk", *_words(f"http://127.0.0.1:{port}/", close, seconds)]
        return _result(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def farther(self, port: int, seconds: float, close: bool) -> Result:
        """Measure with a client elsewhere, at the host's own address."""
        assert self.elsewhere is not None
        url = f"http://{self.elsewhere.host}:{port}/"
        return _result(self.elsewhere.run("wrk", *_words(url, close, seconds)))


def _words(url: str, close: bool, seconds: float) -> list[str]:
    head = ["-H", "Connection: close"] if close else []
    return ["-t1", "-c32", f"-d{seconds:g}s", "--latency", *head, url]


def _result(text: str) -> Result:
    rate, slow = re.search(r"Requests/sec:\s+([\d.]+)", text), re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    assert rate, text
    assert slow, text
    assert "Socket errors" not in text, text
    return Result(float(rate[1]), float(slow[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]])


def compare(bench: Bench, rounds: int, seconds: float) -> Iterator[str]:
    """Lines with rates and ratios."""
    targets = {"direct": bench.address(bench.tasks[0]), "vip": bench.single, "vip of 3": bench.vip}
    targets |= {f"haproxy of {count}": bench.address(name) for count, name in bench.haproxy.items()}
    ports = {"docker-proxy": PROXY_PORT, "published": PORT}
    ways: dict[str, Callable[[bool], Result]] = {
        name: functools.partial(bench.inside, target, seconds) for name, target in targets.items()
    }
    ways |= {name: functools.partial(bench.outside, port, seconds) for name, port in ports.items()}
    if bench.elsewhere:
        far = {"hidden": HIDDEN_PORT, "seen": SEEN_PORT}
        ways |= {name: functools.partial(bench.farther, port, seconds) for name, port in far.items()}
    for close in (False, True):
        found: dict[str, list[Result]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                found[name].append(way(close))
        yield "a connection for each request" if close else "connections kept"
        for name, results in found.items():
            rate, p99 = (statistics.median(getattr(one, key) for one in results) for key in ("rate", "p99"))
            yield f"  {name:13} {rate:9.0f}/s   p99 {p99:7.2f} ms"
        for what, other in RATIOS:
            if other in found:
                yield f"  {what} / {other}: {_ratio(found[what], found[other], 'rate')}"
        yield f"  p99 of vip / direct: {_ratio(found['vip'], found['direct'], 'p99')}"


def _ratio(first: list[Result], second: list[Result], key: str) -> str:
    ratios = sorted(getattr(a, key) / getattr(b, key) for a, b in zip(first, second, strict=True))
    return f"{statistics.median(ratios):.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}]"


def updates(bench: Bench, count: int = 20) -> str:
    """The time until a change of one endpoint takes effect."""
    times = []
    for at in range(count):
        names = bench.tasks if at % 2 else bench.tasks[1:]
        began = time.perf_counter()
        bench.gate.apply(replace(bench.state, balanced=(bench.balanced(names),)), ())
        times.append(1000 * (time.perf_counter() - began))
    return f"update of one endpoint: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms"


def main(words: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    chosen = parser.parse_args(words)
    missing = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if missing:
        print(f"webnet: needs {', '.join(missing)} (apt-get install -y wrk nginx-light haproxy)", file=sys.stderr)
        return 1
    engine = DockerEngine()
    bridged = BRIDGED.exists() and BRIDGED.read_text().strip() != "0"
    print(f"engine {engine.version().version}, bridged packets pass the host's rules: {'yes' if bridged else 'no'}")
    with contextlib.closing(Bench(engine)) as bench:
        for line in compare(bench, chosen.rounds, chosen.seconds):
            print(line, flush=True)
        print(updates(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
