"""Programs in pods: the data on the connection, and the interpretation of each kind of end."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.exec import PROTOCOL, Container, Output, execute

WHERE = Container("shop", "copy-1", "copy")
SUCCESS = b'\3{"status":"Success"}'


class Talk:
    """A cluster and its line. `says` is received in this order: None is silence, a type of error is raised."""

    def __init__(self, *says: object) -> None:
        self.says: Iterator[object] = iter(says)
        self.sent: list[bytes] = []
        self.pings = 0
        self.closed = False
        self.target = ""
        self.breaks_after: int | None = None

    def line(self, target: str, protocol: str, what: str) -> "Talk":
        assert (protocol, what) == (PROTOCOL, "run a program in Pod/copy-1")
        self.target = target
        return self

    def send(self, message: bytes) -> None:
        if self.breaks_after is not None and len(self.sent) >= self.breaks_after:
            raise BrokenPipeError(32, "Broken pipe")
        self.sent.append(message)

    def ping(self) -> None:
        self.pings += 1

    def receive(self, patience: float) -> bytes | None:
        found = next(self.says, EOFError)
        if isinstance(found, type):
            raise found()
        assert found is None or isinstance(found, bytes)
        return found

    def close(self) -> None:
        self.closed = True


def test_the_words_go_as_they_are() -> None:
    talk = Talk(b"\1out\n", None, b"\2err", b"\1put", SUCCESS)

    assert execute(talk, WHERE, ["sh", "-c", "echo 'a b' \"$1\"\n", "ü"]) == Output(0, b"out\nput", "err")
    assert urlsplit(talk.target).path == "/api/v1/namespaces/shop/pods/copy-1/exec"
    asked = parse_qsl(urlsplit(talk.target).query)
    assert [value for key, value in asked if key == "command"] == ["sh", "-c", "echo 'a b' \"$1\"\n", "ü"]
    assert dict(asked)["container"] == "copy"
    assert "stdin" not in dict(asked)
    assert talk.closed


def test_the_input_goes_piece_by_piece() -> None:
    talk = Talk(None, None, None, SUCCESS)

    assert execute(talk, WHERE, ["cat"], [b"one", b"two", b"three"]).code == 0
    assert talk.sent == [b"\0one", b"\0two", b"\0three"]
    assert ("stdin", "true") in parse_qsl(urlsplit(talk.target).query)


def test_an_exit_code_is_one() -> None:
    causes = {"details": {"causes": [{"reason": "ExitCode", "message": "7"}]}, "status": "Failure", "message": "no"}

    assert execute(Talk(b"\3" + json.dumps(causes).encode()), WHERE, ["x"]) == Output(7, b"", "")


def test_a_program_that_cannot_be_run_has_none() -> None:
    talk = Talk(b'\3{"status":"Failure","message":"no such program"}')

    assert execute(talk, WHERE, ["x"]) == Output(-1, b"", "no such program")


def test_a_program_that_ends_early_gets_no_more() -> None:
    pulled = []

    def endless() -> Iterator[bytes]:
        while True:
            pulled.append(1)
            yield b"x"

    talk = Talk(None, None, b'\3{"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"1"}]}}')

    assert execute(talk, WHERE, ["head"], endless()).code == 1
    assert len(pulled) == 3


def test_what_it_said_before_the_line_broke_counts() -> None:
    talk = Talk(None, None, b"\2tar: disk full", b'\3{"details":{"causes":[{"reason":"ExitCode","message":"1"}]}}')
    talk.breaks_after = 1

    assert execute(talk, WHERE, ["tar"], [b"a", b"b", b"c"]) == Output(1, b"", "tar: disk full")


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (Talk(b"\1half", EOFError), "the server closed it"),
        (Talk(None, None), "no response for 30 s"),
        (Talk(ConnectionResetError), ""),
    ],
)
def test_a_line_that_is_lost_is_told(talk: Talk, why: str) -> None:
    with pytest.raises(ClusterError, match=f"the connection to the cluster was lost.*{why}") as lost:
        execute(talk, WHERE, ["x"])

    assert "it continues where it stopped" in lost.value.hint
    assert talk.closed


def test_a_program_that_says_nothing_for_long_is_not_lost() -> None:
    talk = Talk(None, b"", None, b"", SUCCESS)

    assert execute(talk, WHERE, ["sleep"]).code == 0
    assert talk.pings >= 1
