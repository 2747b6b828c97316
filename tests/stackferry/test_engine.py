"""The engine that a command talks to."""

from collections.abc import Mapping

import pytest

import stackferry.emulator.engine.docker
from stackferry.emulator.engine.protocol import EngineError
from stackferry.engine import connect
from stackferry.session import Session


class Connection:
    """One that answers, unless its host is `dead`."""

    made: "list[Connection]"

    def __init__(self, *, environment: Mapping[str, str]) -> None:
        self.host, self.shut = environment["DOCKER_HOST"], False
        self.made.append(self)

    @property
    def api_version(self) -> str:
        if self.host == "dead":
            raise EngineError("cannot connect")
        return "1.41"

    def close(self) -> None:
        self.shut = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    monkeypatch.setattr(Connection, "made", [], raising=False)
    monkeypatch.setattr(stackferry.emulator.engine.docker, "DockerEngine", Connection)
    return Connection.made


def test_the_connection_is_closed_when_the_run_is_over(made: list[Connection]) -> None:
    session = Session({"DOCKER_HOST": "here"})
    with session.at_end:
        assert connect(session) is made[0]  # type: ignore[comparison-overlap]
        assert not made[0].shut

    assert [(one.host, one.shut) for one in made] == [("here", True)]


def test_so_is_one_that_nobody_answers_at(made: list[Connection]) -> None:
    session = Session({"DOCKER_HOST": "dead"})
    with session.at_end, pytest.raises(EngineError):
        connect(session)

    assert made[0].shut
