"""Runs a program in a container of a pod, with a standard input of any length: what `kubectl exec -i` does.

An API server speaks the protocol v4.channel.k8s.io for it in all of its versions: each message begins with the number
of its channel. It knows no end of the standard input; whoever needs one says how long it is (`head -c`).
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
"""Seconds without a word after which the server is asked whether it is there; as many later it is not."""
_LAST_WORDS = 2.0
"""Seconds for what a program has said to arrive, after the line to it broke."""
_LOST = "the connection to the cluster was lost"
_AGAIN = "run it again: it continues where it stopped"


class Line(Protocol):
    """A WebSocket, as far as it is needed: `websocket.WebSocket`."""

    def send(self, message: bytes) -> None:
        """Send a message."""

    def ping(self) -> None:
        """Have the other side answer with an empty message."""

    def receive(self, patience: float) -> bytes | None:
        """The next message, None if there is none within so many seconds. Raises EOFError at the end."""

    def close(self) -> None:
        """Hang up."""


class Caller(Protocol):
    """A cluster that lets one speak to programs."""

    def line(self, target: str, protocol: str, what: str) -> Line:
        """A WebSocket about a path with its query. Raises ClusterError."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote, and its exit code."""

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
    """Run `command` to its end. Raises ClusterError where it cannot be run, or the connection breaks.

    `stdin` is taken piece by piece, as fast as the program reads; no longer, once the program has ended. Until then the
    program must hold on to its own outputs: where it closes one (`exec >file`), containerd ends its standard input.
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
    """What has been said on one line."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.heard: dict[int, bytearray] = {_STDOUT: bytearray(), _STDERR: bytearray(), _STATUS: bytearray()}
        self.is_over = False

    def held(self, stdin: Iterable[bytes]) -> Output:
        try:
            self._say(stdin)
        except OSError:
            # A program that ends early closes the line under us. What it said of that may be on its way.
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
        """Take what there is; False if there was nothing within so many seconds."""
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
    """The exit code by what the server says at the end, and its words where that is no exit code of the program's."""
    found = json.loads(status or b"{}")
    if found.get("status") == "Success":
        return 0, ""
    causes = (found.get("details") or {}).get("causes") or ()
    code = next((one["message"] for one in causes if one.get("reason") == "ExitCode"), "")
    return (int(code), "") if code.isdecimal() else (-1, str(found.get("message", "")))
