"""A client outside the engine's host: with its own address and network namespace, connected by a veth pair."""

import random
import subprocess
import time
import uuid
from pathlib import Path

PEER = Path(__file__).with_name("peer.py")


class Outside:
    """`client` is its address, `host` that of this host as it sees it. Needs root."""

    def __init__(self) -> None:
        third = f"198.18.{random.randrange(256)}"
        self.host, self.client = f"{third}.1", f"{third}.2"
        self.cable = f"sf{uuid.uuid4().hex[:8]}"
        self.process = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
        own = Path("/proc/self/ns/net").readlink()
        theirs = Path(f"/proc/{self.process.pid}/ns/net")
        limit = time.monotonic() + 60
        while theirs.readlink() == own:
            assert time.monotonic() < limit
            time.sleep(0.01)
        self._ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", str(self.process.pid))
        self._ip("addr", "add", f"{self.host}/30", "dev", self.cable)
        self._ip("link", "set", self.cable, "up")
        for words in (f"addr add {self.client}/30 dev eth0", "link set eth0 up", f"route add default via {self.host}"):
            self.run("ip", *words.split())

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True)

    def run(self, *command: str) -> str:
        """What a command says there."""
        done = subprocess.run(
            ["nsenter", "-t", str(self.process.pid), "-n", *command], check=True, capture_output=True, text=True
        )
        return done.stdout

    def ask(self, port: int, count: int = 1, kinds: str = "tcp") -> list[tuple[str, str]]:
        """Who answers at a port of the host, and which address that one sees."""
        return answers(self.run("python3", "-S", "-E", str(PEER), "ask", self.host, str(port), str(count), kinds))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        subprocess.run(["ip", "link", "del", self.cable], check=False, capture_output=True)


def answers(said: str) -> list[tuple[str, str]]:
    """Lines of `peer.py ask`, as (who, whom it sees); of one that failed, nobody and why."""
    found = []
    for line in said.splitlines():
        _, who, sees = line.split(" ", 2)
        found.append(("", f"{who} {sees}") if who.startswith("[") or "timed" in line else (who, sees))
    return found
