"""Which program loads images into a cluster's nodes, and which images its nodes have."""

from typing import Any

import pytest

from stackferry.translator.cluster.loaders import k3s, kind, lacking, on_node


def node(version: str = "v1.34.1+k3s1", address: str = "192.168.1.7") -> dict[str, Any]:
    addresses = [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": "n"}]
    return {"status": {"nodeInfo": {"kubeletVersion": version}, "addresses": addresses}}


def is_here(address: str) -> bool:
    return address == "192.168.1.7"


def test_kind_is_known_by_its_context() -> None:
    found = kind("kind-dev")

    assert found is not None
    assert found.nodes == ("kind", "get", "nodes", "--name", "dev")
    assert found.load_of("/tmp/x.tar") == ("kind", "load", "image-archive", "/tmp/x.tar", "--name", "dev")
    assert found.listing("dev-worker")[:3] == ("docker", "exec", "dev-worker")


@pytest.mark.parametrize("context", ["minikube", "kind-", "my-kind-dev", ""])
def test_what_is_none_of_kind(context: str) -> None:
    assert kind(context) is None


def test_kind_has_other_providers() -> None:
    found = kind("kind-dev", "podman")

    assert found is not None
    assert found.listing("dev-control-plane")[0] == "podman"


def test_k3s_on_this_machine() -> None:
    found = k3s([node()], is_here)

    assert found is not None
    assert found.load_of("/tmp/x.tar") == ("k3s", "ctr", "images", "import", "-")
    assert found.by_stdin


@pytest.mark.parametrize(
    "nodes",
    [
        [],
        [node("v1.34.1")],
        [node(address="172.18.0.3")],
        [node(), node(address="192.168.1.8")],
        [{}],
    ],
    ids=["no node", "no k3s", "in a container", "another machine, too", "says nothing"],
)
def test_what_is_no_k3s_of_this_machine(nodes: list[dict[str, Any]]) -> None:
    assert k3s(nodes, is_here) is None


def test_what_a_node_lacks() -> None:
    here = on_node("one", "docker.io/library/shop-web:1\nsha256:aa\n")
    bare = on_node("two", "docker.io/library/other:1\n")

    assert not here.lacks("shop-web:1", "sha256:aa")
    assert here.lacks("shop-web:1", "sha256:bb"), "another image of that name"
    assert lacking(["shop-web:1", "shop-web:1"], [here]) == []
    assert lacking(["shop-web:1"], [here, bare]) == ["shop-web:1"]
