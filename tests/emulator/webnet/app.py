"""The app for traffic tests: answers with its host name over HTTP (port 80) and UDP (port 90), and shuts down cleanly.

After SIGTERM it keeps answering, with `Connection: close`, until no client is connected or a second is over.
"""

import asyncio
import signal
import socket
import sys

NAME = socket.gethostname().encode()
ending = asyncio.Event()
connected: set[asyncio.StreamWriter] = set()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connected.add(writer)
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"GET /slow"):
                await asyncio.sleep(0.5)
            close = ending.is_set() or b"onnection: close" in head
            last = b"Connection: close\r\n" if close else b""
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(NAME), last, NAME))
            await writer.drain()
            if close:
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        connected.discard(writer)
        writer.close()


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        self.transport.sendto(NAME, addr)


async def main() -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    await loop.create_datagram_endpoint(Echo, local_addr=("0.0.0.0", 90))
    server = await asyncio.start_server(serve, "0.0.0.0", 80, backlog=1024)
    await ending.wait()
    for _ in range(100):
        if not connected:
            break
        await asyncio.sleep(0.01)
    server.close()


asyncio.run(main())
sys.exit(0)
