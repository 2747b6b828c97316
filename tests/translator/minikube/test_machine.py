from dataclasses import replace

from stackferry.translator.minikube.machine import (
    Action,
    MachineRequest,
    action,
    differences,
    minor,
    node_ports,
    start_words,
)
from stackferry.translator.minikube.profile import HANGS, Profile, Status
from stackferry.translator.minikube.size import Size

PROFILE = Profile(
    "shop", "virtualbox", Size(2, 2200, 4100), "containerd", "v1.34.4", range(1, 65536), address="192.168.59.100"
)
NEEDED = Size(2, 2200, 4000)
REQUEST = MachineRequest("shop", None, Size(), NEEDED)


def test_what_is_to_be_done():
    assert action(None, Status()) is Action.CREATE
    assert action(PROFILE, Status("Running", is_serving=True, is_known=True)) is Action.NOTHING
    assert action(PROFILE, Status("Running", is_serving=True)) is Action.CONTEXT
    for state in ("Stopped", "Paused", "Running", "Saved", ""):
        assert action(PROFILE, Status(state)) is Action.START


def test_a_machine_that_was_registered_and_never_ran_is_made_anew():
    interrupted = replace(PROFILE, address="")

    assert action(interrupted, Status("Stopped")) is Action.ANEW
    assert action(interrupted, Status(HANGS)) is Action.ANEW
    assert action(PROFILE, Status(HANGS)) is Action.START
    # One that is gone altogether is made again by minikube; one that runs is gone on with.
    assert action(interrupted, Status("")) is Action.START
    assert action(interrupted, Status("Running")) is Action.START


def shown(profile, request):
    return [str(one) for one in differences(profile, request)]


def test_a_machine_that_has_enough_is_fine():
    assert shown(PROFILE, REQUEST) == []
    assert shown(PROFILE, replace(REQUEST, needed=Size(2, 2200, 90000), driver="virtualbox", ports=(80,))) == []


def test_one_that_is_too_small_or_not_what_was_asked_for_is_not():
    assert shown(PROFILE, replace(REQUEST, needed=Size(4, 3000, 1))) == [
        "CPUs: it has 2, requested at least 4",
        "memory: it has 2200 MB, requested at least 3000 MB",
    ]
    assert shown(PROFILE, replace(REQUEST, asked=Size(memory=2048, disk=4000))) == [
        "memory: it has 2200 MB, requested 2048 MB",
        "disk: it has 4100 MB, requested 4000 MB",
    ]
    # Asked for as it is: somebody knows that it is less than the stack needs.
    assert shown(PROFILE, replace(REQUEST, asked=Size(memory=2200), needed=Size(2, 3000, 1))) == []


def test_other_differences():
    request = replace(REQUEST, driver="docker", flags=("--container-runtime=docker",), ports=(80, 31000))

    assert shown(replace(PROFILE, node_ports=range(30000, 32768)), request) == [
        "driver: it has virtualbox, requested docker",
        "container runtime: it has containerd, requested docker",
        "node ports: it has 30000-32767, requested 80",
    ]


def test_how_to_go_on_with_what_there_is():
    request = replace(REQUEST, needed=Size(4, 3000, 1), ports=(80,))
    narrow = replace(PROFILE, node_ports=range(30000, 32768))

    assert [one.instead for one in differences(narrow, request)] == [
        "--cpus 2",
        "--memory 2200",
        "--node-port-range 30000-32767",
    ]


def test_the_version_of_kubernetes():
    asked = replace(REQUEST, kubernetes="v1.33")

    assert shown(PROFILE, asked) == ["Kubernetes: it has v1.34.4, requested v1.33"]
    assert shown(PROFILE, replace(REQUEST, kubernetes="1.34")) == []
    assert "--kubernetes-version=v1.33.0" in start_words(asked, None)
    assert "--kubernetes-version=v1.34.4" in start_words(replace(REQUEST, kubernetes="1.34"), None)
    assert minor("v1.34.4") == minor("1.34") == 34
    assert minor("stable") is None


def test_a_new_machine_is_told_everything():
    words = start_words(replace(REQUEST, driver="virtualbox", asked=Size(cpus=3), flags=("--force",)), None)

    assert words == [
        *("minikube", "start", "-o", "json", "-p", "shop", "--interactive=false", "--driver=virtualbox"),
        *("--cpus=3", "--memory=2200mb", "--disk-size=4000mb"),
        *("--kubernetes-version=v1.34.4", "--container-runtime=containerd"),
        *("--extra-config=apiserver.service-node-port-range=1-65535", "--force"),
    ]
    assert "--delete-on-failure" not in " ".join(words)


def test_one_that_exists_is_started_as_it_was_made():
    words = start_words(
        replace(REQUEST, needed=Size(8, 9000, 1)), replace(PROFILE, kubernetes="v1.33.1", driver="kvm2")
    )

    assert "--cpus=2" in words
    assert "--memory=2200mb" in words
    assert "--kubernetes-version=v1.33.1" in words
    assert "--driver=kvm2" in words


def test_without_kubernetes_no_version_is_said():
    words = start_words(replace(REQUEST, flags=("--no-kubernetes",)), None)

    assert not [one for one in words if one.startswith("--kubernetes-version")]


def test_node_ports():
    assert node_ports(()) == range(1, 65536)
    said = ("--extra-config=apiserver.service-node-port-range=30000-31000",)
    assert node_ports(said) == range(30000, 31001)
    assert [one for one in start_words(replace(REQUEST, flags=said), None) if "node-port-range" in one] == list(said)
