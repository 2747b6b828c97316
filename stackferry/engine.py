"""The engine that a command talks to: the one that the docker command would take. Loads the SDK."""

from typing import TYPE_CHECKING

from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


def connect(session: Session) -> "Engine":
    """A connection to the engine, closed when the run is over; raises EngineError with what to do if none answers."""
    from stackferry.emulator.engine.docker import DockerEngine

    engine = DockerEngine(environment=session.environment)
    session.at_end.callback(engine.close)
    engine.version()
    return engine
