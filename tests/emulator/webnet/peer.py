"""Answers over TCP and UDP with its name and the client's address as it sees it; also the client for that.

`serve NAME FILE [PORT]` creates FILE when it listens; `ask HOST [PORT [COUNT [KINDS]]]` asks COUNT times over each.
"""

import asyncio
import signal
import socket
import sys
from pathlib import Path

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


class Echo(asyncio.DatagramProtocol):
    def __init__(self, name: str) -> None:
        self.name = name

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        self.transport.sendto(f"{self.name} {addr[0]}".encode(), addr)


async def serve(name: str, ready: str, port: str = "80") -> None:
    async def told(_, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{name} {writer.get_extra_info('peername')[0]}".encode())
        await writer.drain()
        writer.close()

    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, end.set)
    await loop.create_datagram_endpoint(lambda: Echo(name), local_addr=("0.0.0.0", int(port)))
    await asyncio.start_server(told, "0.0.0.0", int(port))
    Path(ready).touch()
    await end.wait()


def ask(host: str, port: str = "8080", count: str = "2", kinds: str = "tcp,udp") -> None:
    for word in kinds.split(","):
        for _ in range(int(count)):
            with socket.socket(socket.AF_INET, KINDS[word]) as link:
                link.settimeout(10)
                try:
                    link.connect((host, int(port)))
                    link.send(b"?")
                    print(word, link.recv(100).decode() or "[nothing was said]")
                except OSError as error:
                    print(word, error)


if sys.argv[1] == "serve":
    asyncio.run(serve(*sys.argv[2:]))
else:
    ask(*sys.argv[2:])
