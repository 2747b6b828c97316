"""Runs a program in a container of a pod, with a standard input of any length, like `kubectl exec -i`.

All versions of the API server speak the protocol v4.channel.k8s.io for it: each message begins with the number of its
channel. The protocol cannot close the standard input, so a program that needs the end is told the length (`head -c`).
"""

import json
from collections.abc import Iterable, Sequence
from typing import Protocol
from urllib.parse import quote, urlencode

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.resources import path

PROTOCOL = "v4.channel.k8s.io"
_STDIN, _STDOUT, _STDERR, _STATUS = range(4)
_SILENCE = 30.0
"""Seconds of silence after which the server is pinged; after as many more the connection counts as broken."""
_LAST_WORDS = 2.0
"""Seconds to wait for output that is still under way after the connection broke."""
_LOST = "the connection to the cluster was lost"
_AGAIN = "run it again: it continues where it stopped"


class Line(Protocol):
    """The part of a WebSocket that is needed here: `websocket.WebSocket`."""

    def send(self, message: bytes) -> None:
        """Send a message."""

    def ping(self) -> None:
        """Have the other side answer with an empty message."""

    def receive(self, patience: float) -> bytes | None:
        """The next message, None if none comes within `patience` seconds. Raises EOFError at the end."""

    def close(self) -> None:
        """Close the connection."""


class Caller(Protocol):
    """A cluster that can run programs in pods."""

    def line(self, target: str, protocol: str, what: str) -> Line:
        """Open a WebSocket for a path with its query. Raises ClusterError."""


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a program, and its exit code."""

    code: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod."""

    namespace: str
    pod: str
    name: str


def execute(client: Caller, where: Container, command: Sequence[str], stdin: Iterable[bytes] | None = None) -> Output:
    """Run `command` to its end. Raises ClusterError if it cannot be run, or the connection breaks.

    `stdin` is consumed piece by piece, as fast as the program reads, until the program ends. The program must keep its
    own outputs open: if it closes one (`exec >file`), containerd closes its standard input.
    """
    asked = [("container", where.name), ("stdout", "true"), ("stderr", "true")]
    asked += [("stdin", "true")] if stdin is not None else []
    asked += [("command", word) for word in command]
    target = f"{path('Pod', where.namespace, where.pod)}/exec?{urlencode(asked, quote_via=quote)}"
    line = client.line(target, PROTOCOL, f"run a program in Pod/{where.pod}")
    try:
        return _Talk(line).held(stdin or ())
    except OSError as error:
        raise ClusterError(f"{_LOST}: {error.strerror or error}", _AGAIN) from error
    finally:
        line.close()


class _Talk:
    """The state of one connection: the output so far."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.heard: dict[int, bytearray] = {_STDOUT: bytearray(), _STDERR: bytearray(), _STATUS: bytearray()}
        self.is_over = False

    def held(self, stdin: Iterable[bytes]) -> Output:
        try:
            self._say(stdin)
        except OSError:
            # A program that ends early closes the connection while we send. Its error message may still be under way.
            self._listen(_LAST_WORDS)
            if not self.is_over:
                raise
        while not self.is_over:
            self._await()
        code, failure = _verdict(bytes(self.heard[_STATUS]))
        err = self.heard[_STDERR].decode("utf-8", "replace")
        return Output(code, bytes(self.heard[_STDOUT]), err or failure)

    def _say(self, stdin: Iterable[bytes]) -> None:
        for piece in stdin:
            self._listen(0.0)
            if self.is_over:
                return
            self.line.send(bytes((_STDIN,)) + piece)

    def _await(self) -> None:
        if not self._listen(_SILENCE):
            self.line.ping()
            if not self._listen(_SILENCE):
                raise TimeoutError(0, f"no response for {_SILENCE:.0f} s")

    def _listen(self, patience: float) -> bool:
        """Receive one message; False if none comes within `patience` seconds."""
        try:
            message = self.line.receive(patience)
            found = message is not None
            while message is not None:
                if message and message[0] in self.heard:
                    self.heard[message[0]] += message[1:]
                    self.is_over = self.is_over or message[0] == _STATUS
                message = self.line.receive(0.0)
        except EOFError:
            if not self.heard[_STATUS]:
                raise ConnectionResetError(0, "the server closed it") from None
            found = self.is_over = True
        return found


def _verdict(status: bytes) -> tuple[int, str]:
    """The exit code from the server's final status, and the server's message if the program has no exit code."""
    found = json.loads(status or b"{}")
    if found.get("status") == "Success":
        return 0, ""
    causes = (found.get("details") or {}).get("causes") or ()
    code = next((one["message"] for one in causes if one.get("reason") == "ExitCode"), "")
    return (int(code), "") if code.isdecimal() else (-1, str(found.get("message", "")))
