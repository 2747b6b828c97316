"""The engine that managers of these tests work on."""

from tests.engine.fixtures import engine

__all__ = ["engine"]
