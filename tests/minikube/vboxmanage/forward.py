"""Forwards a port of the host to a port of the machine, as a rule of VirtualBox's NAT does."""

import contextlib
import socket
import threading

Address = tuple[str, int]


def start(here: Address, there: Address) -> None:
    """Forward connections for as long as this process lives. Raises OSError if the port is taken."""
    server = socket.create_server(here)
    threading.Thread(target=_serve, args=(server, there), daemon=True).start()


def _serve(server: socket.socket, there: Address) -> None:
    while True:
        caller, _ = server.accept()
        try:
            called = socket.create_connection(there, 5)
        except OSError:
            caller.close()
            continue
        called.settimeout(None)
        for source, sink in ((caller, called), (called, caller)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
