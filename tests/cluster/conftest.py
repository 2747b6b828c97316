"""The clusters for tests: `api` is only an API server, `node` runs pods. Each test has its own namespace."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.kube import Kube
from tests.cluster.server import Server
from tests.cluster.session import Cluster, cluster, unavailable

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            used = set(getattr(item, "fixturenames", ()))
            for level in ("api", "node"):
                if used & {f"{level}_cluster", level}:
                    item.add_marker("cluster")
                    item.add_marker("node" if level == "node" else "slow")


def _cluster(level: str) -> Iterator[Cluster]:
    reason = unavailable(level)
    if reason:
        pytest.skip(reason)
    with cluster(level) as running:
        yield running


@pytest.fixture(scope="session")
def api_cluster() -> Iterator[Cluster]:
    yield from _cluster("api")


@pytest.fixture(scope="session")
def node_cluster() -> Iterator[Cluster]:
    yield from _cluster("node")


def _namespace(running: Cluster) -> Iterator[Kube]:
    server = Server(running)
    kube = Kube(running, server, f"t-{uuid.uuid4().hex[:10]}")
    server.create_namespace(kube.namespace)
    yield kube
    kube.delete_namespace()
    server.close()


@pytest.fixture
def api(api_cluster: Cluster) -> Iterator[Kube]:
    """A namespace of the API server; nothing happens to what is put there."""
    yield from _namespace(api_cluster)


@pytest.fixture
def node(node_cluster: Cluster) -> Iterator[Kube]:
    """A namespace of the node."""
    yield from _namespace(node_cluster)
