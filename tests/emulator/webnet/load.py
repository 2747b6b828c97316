"""A small load generator process: several clients request one address until its standard input ends.

`python load.py HOST PORT CLIENTS SECONDS keep|new` prints a line of JSON: the answers, who gave them, the failures.
It ends after SECONDS in any case. `Asking` runs it beside a test.
"""

import asyncio
import collections
import json
import os
import subprocess
import sys
import threading
import time
from typing import Self

PATIENCE = 5.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
"""Seconds until a request counts as lost: what a loaded machine answers late was not lost."""


class Load:
    def __init__(self, host: str, port: int, *, keep: bool, end: float) -> None:
        self.host, self.port, self.keep, self.end = host, port, keep, end
        self.by: collections.Counter[str] = collections.Counter()
        self.failures: list[str] = []
        self.times: list[float] = []

    async def client(self) -> None:
        reader = writer = None
        last = b"" if self.keep else b"Connection: close\r\n"
        while time.monotonic() < self.end:
            began = time.monotonic()
            try:
                if writer is None:
                    reader, writer = await asyncio.wait_for(asyncio.open_connection(self.host, self.port), PATIENCE)
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n" % last)
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
                size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                body = await asyncio.wait_for(reader.readexactly(size), PATIENCE)
                self.by[body.decode()] += 1
                self.times.append(time.monotonic() - began)
                if b"onnection: close" in head:
                    writer.close()
                    writer = None
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.failures.append(f"{time.time():.3f} {time.monotonic() - began:.3f} {type(error).__name__} {error}")
                if writer is not None:
                    writer.close()
                writer = None


async def main(host: str, port: str, clients: str, seconds: str, mode: str) -> None:
    load = Load(host, int(port), keep=mode == "keep", end=time.monotonic() + float(seconds))

    def stop() -> None:
        sys.stdin.read()
        load.end = 0.0

    threading.Thread(target=stop, daemon=True).start()
    await asyncio.gather(*(load.client() for _ in range(int(clients))))
    times = sorted(load.times) or [0.0]
    shown = {
        "answered": sum(load.by.values()),
        "by": dict(load.by),
        "failures": load.failures[:20],
        "failed": len(load.failures),
        "median": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
    }
    print(json.dumps(shown))


class Asking:
    """A load while a `with` block runs; `result` is there after it."""

    def __init__(self, host: str, port: int, mode: str, clients: int = 2, seconds: float = 120.0) -> None:
        words = [sys.executable, __file__, host, str(port), str(clients), str(seconds), mode]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.result: dict = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.result = json.loads(self.process.communicate()[0])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
