"""The engine that a command talks to: the one that the docker command would take."""

from typing import TYPE_CHECKING

from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


def connect(session: Session, *, patient: bool = False) -> "Engine":
    """A connection to the engine, closed when the run is over; raises EngineError with what to do if none answers.

    `patient`: one that is away is no failure; whoever asks it something will wait for it.
    """
    from stackferry.emulator.engine.docker import DockerEngine
    from stackferry.emulator.engine.protocol import EngineAwayError

    engine = DockerEngine(environment=session.environment)
    session.at_end.callback(engine.close)
    try:
        engine.api_version  # noqa: B018 - asked, to see that one answers
    except EngineAwayError:
        if not patient:
            raise
    return engine
