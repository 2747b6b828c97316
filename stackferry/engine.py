"""Connects a command to its engine: the one that the docker command would use."""

from typing import TYPE_CHECKING

from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


def connect(session: Session, *, patient: bool = False) -> "Engine":
    """Connect to the engine until the run ends; raises EngineError with a hint if no engine answers.

    `patient`: an unreachable engine is not an error yet; later requests wait for it.
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
