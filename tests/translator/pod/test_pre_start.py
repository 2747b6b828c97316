"""Init containers (`pre_start`): a service's keys, their own mounts, the service's pod."""

from typing import Any

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.container import PreStart
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.files import Memory
from stackferry.translator import Options, Translation, translate
from stackferry.translator.notes import Kind
from stackferry.translator.workload import for_all_pods, in_the_pod
from tests.translator.making import HERE, complaints, container, note, pod, service, translated


def before(**keys: Any) -> PreStart:
    """A step that each pod runs unless told otherwise."""
    return PreStart(**{"image": "tool:1", "per_replica": True, **keys})


def inits(found: Translation) -> list[dict[str, Any]]:
    """The init containers of the service `web`."""
    held: list[dict[str, Any]] = pod(found)["initContainers"]
    return held


def loaded(text: str) -> Translation:
    """The translation of a file."""
    files = Memory({"compose.yaml": text}, HERE)
    stack = load(Request(files=("compose.yaml",)), files=files, environment={})
    found = translate(stack.project, files, Options(origin=stack.origin))
    assert list(complaints(found)) == []
    return found


def test_in_the_order_of_the_file_with_the_mounts_of_the_service() -> None:
    data, cache = (Mount(type="volume", source=name, target=f"/{name}") for name in ("data", "cache"))

    found = translated(
        service(volumes=(data,), pre_start=(before(command=("a",)), before(command=("b",), volumes=(cache,)))),
        volumes={"data": Volume(), "cache": Volume()},
    )

    assert [(one["name"], one["args"]) for one in inits(found)] == [("pre-start-1", ["a"]), ("pre-start-2", ["b"])]
    places = [[mount["mountPath"] for mount in one["volumeMounts"]] for one in inits(found)]
    assert places == [["/data"], ["/data", "/cache"]]
    assert [mount["mountPath"] for mount in container(found)["volumeMounts"]] == ["/data"]


def test_an_empty_dir_is_the_same_for_all() -> None:
    found = translated(service(volumes=(Mount(type="volume", target="/tmp/x"),), pre_start=(before(),)))

    assert len(pod(found)["volumes"]) == 1
    assert inits(found)[0]["volumeMounts"] == container(found)["volumeMounts"]


def test_its_own_mount_wins() -> None:
    mine, theirs = (Mount(type="volume", source=name, target="/data") for name in ("mine", "theirs"))

    found = translated(
        service(volumes=(theirs,), pre_start=(before(volumes=(mine,)),)),
        volumes={"mine": Volume(), "theirs": Volume()},
    )

    (mount,) = inits(found)[0]["volumeMounts"]
    assert mount["name"] == "volume-mine"


def test_without_an_image_it_is_that_of_the_service() -> None:
    found = translated(service(image=None, build=Build(context="."), pre_start=(before(image=None),)))

    assert inits(found)[0]["image"] == container(found)["image"] == "shop-web:latest"


def test_secret_variables_go_by_a_secret_of_their_own() -> None:
    found = translated(service(environment={"TOKEN": "a"}, pre_start=(before(environment={"TOKEN": "b"}),)))

    names = [one["env"][0]["valueFrom"]["secretKeyRef"]["name"] for one in (*inits(found), container(found))]
    assert names[0] != names[1]
    assert found.made["environment", "web[0]"] == f"Secret/{names[0]}"
    assert found.made["environment", "web"] == f"Secret/{names[1]}"


def test_two_services_of_a_pod() -> None:
    found = translated(
        service(pre_start=(before(),)), service("side", network_mode="service:web", pre_start=(before(),))
    )

    assert [one["name"] for one in inits(found)] == ["pre-start-1", "pre-start-2"]


def test_what_is_said_of_the_service_is_not_said_again() -> None:
    found = loaded("""
services:
  web:
    image: x
    user: www
    pre_start: [{command: [a], per_replica: true}, {command: [b], per_replica: true, user: www}]
""")

    paths = [one.path for one in found.notes if one.code == "kubernetes-user-name"]
    assert paths == [("services", "web", "user"), ("services", "web", "pre_start", 1, "user")]


def test_what_a_pod_has_once_is_the_services() -> None:
    found = loaded("""
services:
  web:
    image: x
    hostname: web
    dns: [10.0.0.1]
    pre_start: [{command: [a], per_replica: true, hostname: web, dns: [10.0.0.2]}]
""")

    kinds = {one.path[-1]: one.kind for one in found.notes if one.code == "kubernetes-pod-wide"}
    assert kinds == {"hostname": Kind.EXACT, "dns": Kind.NEEDS_ACTION}


def test_no_hook_runs_before_the_start() -> None:
    found = loaded("""
services:
  web:
    image: x
    stop_signal: SIGQUIT
    post_start: [{command: [a]}]
    pre_start: [{command: [b], per_replica: true}, {command: [c], per_replica: true, stop_signal: SIGINT}]
""")

    assert [one.get("lifecycle") for one in inits(found)] == [None, None]
    assert set(container(found)["lifecycle"]) == {"postStart", "preStop"}
    paths = [one.path for one in found.notes if one.code == "kubernetes-stop-signal"]
    assert paths == [("services", "web", "stop_signal"), ("services", "web", "pre_start", 1, "stop_signal")]


def test_in_one_pod_all_run_there() -> None:
    found = translated(service(pre_start=(before(per_replica=False),)))

    assert len(inits(found)) == 1
    assert note(found, "pre-start").kind is Kind.APPROXIMATED


@pytest.mark.parametrize(
    ("keys", "own", "shared"),
    [
        ({}, (0, 1), ()),
        ({"scale": 0}, (0, 1), ()),
        ({"scale": 2}, (1,), (0,)),
        ({"deploy": Deploy(mode="global")}, (1,), (0,)),
    ],
    ids=str,
)
def test_who_runs_which(keys: dict[str, Any], own: tuple[int, ...], shared: tuple[int, ...]) -> None:
    web = service(pre_start=(before(per_replica=False), before()), **keys)

    assert (in_the_pod(web), for_all_pods(web)) == (own, shared)
