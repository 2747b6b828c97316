"""The engine for the managers of these tests."""

from tests.engine.fixtures import engine

__all__ = ["engine"]
