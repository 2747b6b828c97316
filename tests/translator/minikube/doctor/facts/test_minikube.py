"""Parsing the output of minikube 1.38 and of its node."""

import pytest

from stackferry.translator.minikube.doctor.facts.minikube import Config, Node, Status, configs, node, status, version

RUNNING = (
    '{"Name":"minikube","Host":"Running","Kubelet":"Running","APIServer":"Stopped","Kubeconfig":"Misconfigured",'
    '"Worker":false}'
)


def test_its_version() -> None:
    assert version('{"commit":"c93a","minikubeVersion":"v1.38.1"}') == "v1.38.1"
    with pytest.raises(ValueError, match="does not print its version"):
        version("[]")


def test_what_a_profile_remembers() -> None:
    text = (
        '{"invalid":[],"valid":[{"Name":"a","Config":{"HostOnlyCIDR":"192.168.60.1/24","DisableDriverMounts":true,'
        '"APIServerPort":9443}},{"Name":"b","Config":null}]}'
    )
    assert configs(text) == {"a": Config("192.168.60.1/24", has_mounts=False, port=9443), "b": Config()}
    assert configs('{"invalid":[],"valid":null}') == {}


def test_how_the_cluster_is() -> None:
    found = Status("Running", "Running", "Stopped", "Misconfigured")

    assert status(RUNNING) == found
    assert status(f"[{RUNNING}]") == found
    assert status("null") == Status()
    with pytest.raises(ValueError, match="does not print the status of the cluster"):
        status("[]")


ANSWER = """\
1764492000
Filesystem     1048576-blocks  Used Available Capacity Mounted on
/dev/sda1               17388  3310     13181      21% /mnt/sda1
/hosthome
"""


def test_a_node() -> None:
    assert node(ANSWER, "/hosthome", 1764491990.0, 1764491991.0) == Node(10.0, has_share=True, disk=21, room=13181)
    assert node(ANSWER, "", 1764492000.0, 1764492001.0) == Node(0.0, has_share=None, disk=21, room=13181)


def test_a_node_without_its_share() -> None:
    found = node(ANSWER.replace("/hosthome\n", "ls: cannot access '/hosthome'\n"), "/hosthome", 1.0, 2.0)

    assert found.has_share is False


def test_a_node_that_says_nothing() -> None:
    assert node("", "/hosthome", 1.0, 2.0) == Node()
