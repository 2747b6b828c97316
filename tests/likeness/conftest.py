"""Fixtures: a stack on the emulator needs an engine, the same stack on Kubernetes a node."""

from tests.cluster.conftest import node, node_cluster
from tests.engine.fixtures import engine

__all__ = ["engine", "node", "node_cluster"]
