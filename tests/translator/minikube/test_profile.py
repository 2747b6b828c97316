import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.minikube.profile import VALID, Status, folder, home, profiles, status
from stackferry.translator.minikube.size import Size
from stackferry.translator.options import NODE_PORTS


def listed(*valid, invalid=()):
    return json.dumps({"valid": list(valid), "invalid": list(invalid)})


def entry(**config):
    kubernetes = {"KubernetesVersion": "v1.34.4", "ContainerRuntime": "containerd", "ExtraOptions": None}
    whole = {
        "CPUs": 2,
        "Memory": 2200,
        "DiskSize": 4100,
        "Driver": "virtualbox",
        "KubernetesConfig": {**kubernetes, **config.pop("kubernetes", {})},
        "Nodes": [{"Name": "", "IP": "192.168.59.100"}],
        **config,
    }
    return {"Name": "shop", "Status": "Skipped", "Config": whole}


def test_what_a_profile_was_made_with():
    (found,) = profiles(listed(entry()))

    assert found.name == "shop"
    assert found.driver == "virtualbox"
    assert found.size == Size(2, 2200, 4100)
    assert (found.runtime, found.kubernetes, found.address) == ("containerd", "v1.34.4", "192.168.59.100")
    assert found.node_ports == NODE_PORTS
    assert found.is_usable


def test_its_node_ports_are_an_extra_option():
    option = {"Component": "apiserver", "Key": "service-node-port-range", "Value": "1-65535"}
    others = [{"Component": "kubelet", "Key": "x", "Value": "y"}, option]

    (found,) = profiles(listed(entry(kubernetes={"ExtraOptions": others})))

    assert found.node_ports == range(1, 65536)


def test_one_that_minikube_cannot_read_is_not_usable():
    (found,) = profiles(listed(invalid=[{"Name": "broken", "Status": "", "Config": None}]))

    assert (found.name, found.is_usable, found.size) == ("broken", False, Size())


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"valid": null}'])
def test_an_unreadable_answer_is_none(text):
    assert profiles(text) == ()


def test_status():
    running = {"Host": "Running", "Kubelet": "Running", "APIServer": "Running", "Kubeconfig": "Configured"}

    assert status(json.dumps(running)) == Status("Running", is_serving=True, is_known=True)
    assert status(json.dumps({**running, "Kubeconfig": "Misconfigured"})) == Status("Running", is_serving=True)
    assert status(json.dumps({**running, "APIServer": "Paused", "Kubelet": "Stopped"})).is_serving is False
    assert status(json.dumps([running, {"Host": "Stopped"}])).is_serving
    # A machine that is gone, and the CloudEvents of a profile that does not exist.
    assert status("null") == Status()
    assert status('{"type": "io.k8s.sigs.minikube.error", "data": {"exitcode": "85"}}') == Status()


@given(st.text())
def test_any_answer_is_read(text):
    status(text)
    profiles(text)


def test_home():
    assert home({"HOME": "/home/me"}) == Path("/home/me/.minikube")
    assert home({"HOME": "/home/me", "MINIKUBE_HOME": "/data"}) == Path("/data/.minikube")
    assert home({"MINIKUBE_HOME": "/data/.minikube"}) == Path("/data/.minikube")
    assert folder({"MINIKUBE_HOME": "/data"}, "shop") == Path("/data/.minikube/profiles/shop")


def test_names():
    assert VALID.fullmatch("my-shop.2")
    assert not VALID.fullmatch("-shop")
    assert not VALID.fullmatch("a/b")
    assert not VALID.fullmatch("")
