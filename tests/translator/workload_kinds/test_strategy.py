"""Rollouts: update_config, and restrictions by a volume or a host port."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Mount, Port
from stackferry.grammar.compose.model.deploy import Deploy, UpdatePolicy
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.grammar.compose.syntax.units import Duration, Float32
from stackferry.translator import Options
from tests.translator.making import body_of, codes, note, service, translated

MINUTE = 60_000_000_000
DATA = (Mount(type="volume", source="data", target="/data"),)


def spec_of(**keys: Any) -> dict[str, Any]:
    body: dict[str, Any] = body_of(translated(service(**keys), volumes={"data": Volume()}), "Deployment/web")["spec"]
    return body


def rolling(surge: int | str, unavailable: int | str) -> dict[str, Any]:
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (UpdatePolicy(), rolling(0, 1)),
        (UpdatePolicy(parallelism=2), rolling(0, 2)),
        (UpdatePolicy(parallelism=2, order="stop-first"), rolling(0, 2)),
        (UpdatePolicy(parallelism=2, order="start-first"), rolling(2, 0)),
        (UpdatePolicy(parallelism=0, order="start-first"), rolling("100%", 0)),
        (UpdatePolicy(parallelism=0), {"type": "Recreate"}),
    ],
    ids=str,
)
def test_order_and_parallelism(policy: UpdatePolicy, expected: dict[str, Any]) -> None:
    assert spec_of(deploy=Deploy(replicas=4, update_config=policy))["strategy"] == expected


def test_without_update_config_the_default_rolls() -> None:
    assert spec_of()["strategy"]["type"] == "RollingUpdate"


@pytest.mark.parametrize(
    "keys",
    [
        {"volumes": DATA},
        {"network_mode": "host"},
        {"ports": (Port(target=80, published=PortRange("80"), mode="host"),)},
        {"volumes": DATA, "deploy": Deploy(update_config=UpdatePolicy(parallelism=1))},
    ],
    ids=str,
)
def test_what_two_pods_cannot_share_is_recreated(keys: dict[str, Any]) -> None:
    assert spec_of(**keys)["strategy"] == {"type": "Recreate"}


def test_start_first_is_what_the_user_asked_for_even_with_a_volume() -> None:
    policy = UpdatePolicy(parallelism=1, order="start-first")

    assert spec_of(volumes=DATA, deploy=Deploy(update_config=policy))["strategy"] == rolling(1, 0)


def test_a_volume_mounted_read_only_forbids_nothing() -> None:
    mount = Mount(type="volume", source="data", target="/data", read_only=True)

    assert spec_of(volumes=(mount,))["strategy"]["type"] == "RollingUpdate"


def test_the_longer_of_delay_and_monitor_holds_back() -> None:
    policy = UpdatePolicy(delay=Duration(1_500_000_000), monitor=Duration(20 * MINUTE))
    spec = spec_of(deploy=Deploy(replicas=2, update_config=policy))

    assert spec["minReadySeconds"] == 1200
    assert spec["progressDeadlineSeconds"] > 1200


def test_what_no_rollout_can_do_needs_action() -> None:
    policy = UpdatePolicy(failure_action="rollback", max_failure_ratio=Float32(0.2))
    found = translated(service(deploy=Deploy(replicas=2, update_config=policy)))

    assert codes(found) == ["failure-action", "failure-ratio"]


@pytest.mark.parametrize(("mode", "kind"), [("replicated", "deploy"), ("global", "ds")])
def test_the_way_back_names_the_workload_as_the_cluster_does(mode: str, kind: str) -> None:
    policy = UpdatePolicy(failure_action="rollback")
    deploy = Deploy(mode=mode, update_config=policy)
    found = translated(service("My_Web", deploy=deploy), options=Options(namespace="demo"))

    assert note(found, "failure-action").hint == f"kubectl rollout undo -n demo {kind}/my-web"
