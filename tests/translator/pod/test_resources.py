"""CPU, memory and devices."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import DeviceRequest
from stackferry.grammar.compose.model.deploy import Deploy, DiscreteResource, GenericResource, Resource, Resources
from stackferry.grammar.compose.syntax.units import Bytes, Float32
from tests.translator.making import codes, container, note, service, translated

MIB = 1 << 20


def resources(**keys: Any) -> dict[str, Any]:
    found: dict[str, Any] = container(translated(service(**keys))).get("resources", {})
    return found


def deploy(limits: Resource | None = None, reservations: Resource | None = None) -> Deploy:
    return Deploy(resources=Resources(limits, reservations))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, {}),
        ({"cpus": Float32(0.5)}, {"limits": {"cpu": "500m"}, "requests": {"cpu": "50m"}}),
        ({"cpus": Float32(0.1)}, {"limits": {"cpu": "100m"}, "requests": {"cpu": "50m"}}),
        ({"cpus": Float32(0.02)}, {"limits": {"cpu": "20m"}, "requests": {"cpu": "20m"}}),
        ({"cpus": Float32(2)}, {"limits": {"cpu": "2"}, "requests": {"cpu": "50m"}}),
        ({"cpu_quota": 50000}, {"limits": {"cpu": "500m"}, "requests": {"cpu": "50m"}}),
        ({"cpu_quota": 50000, "cpu_period": 25000}, {"limits": {"cpu": "2"}, "requests": {"cpu": "50m"}}),
        ({"cpu_count": 3}, {"limits": {"cpu": "3"}, "requests": {"cpu": "50m"}}),
        ({"cpu_shares": 512}, {"requests": {"cpu": "500m"}}),
        ({"mem_limit": Bytes(512 * MIB)}, {"limits": {"memory": "512Mi"}, "requests": {"memory": "64Mi"}}),
        ({"mem_limit": Bytes(50_000_000)}, {"limits": {"memory": "50000000"}, "requests": {"memory": "50000000"}}),
        ({"mem_reservation": Bytes(2048 * MIB)}, {"requests": {"memory": "2Gi"}}),
        ({"deploy": deploy(Resource(cpus=Float32(0)))}, {}),
        (
            {"mem_limit": Bytes(256 * MIB), "deploy": deploy(Resource(cpus=Float32(1)))},
            {"limits": {"cpu": "1", "memory": "256Mi"}, "requests": {"cpu": "50m", "memory": "64Mi"}},
        ),
        (
            {"deploy": deploy(Resource(memory=Bytes(256 * MIB)), Resource(memory=Bytes(128 * MIB)))},
            {"limits": {"memory": "256Mi"}, "requests": {"memory": "128Mi"}},
        ),
        ({"storage_opt": {"size": "2G"}}, {"limits": {"ephemeral-storage": "2Gi"}}),
    ],
    ids=str,
)
def test_amounts(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert resources(**keys) == expected


def test_a_reservation_above_the_limit_would_be_refused() -> None:
    found = translated(service(mem_limit=Bytes(MIB), mem_reservation=Bytes(2 * MIB)))

    assert container(found)["resources"]["requests"] == {"memory": "1Mi"}
    assert note(found, "request-above-limit").path == ("services", "web", "mem_reservation")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (DeviceRequest(("gpu",), count=2), {"nvidia.com/gpu": "2"}),
        (DeviceRequest(("gpu",), driver="amd", count=-1), {"amd.com/gpu": "1"}),
        (DeviceRequest(("gpu",), device_ids=("0", "3")), {"nvidia.com/gpu": "2"}),
    ],
    ids=str,
)
def test_gpus_ask_for_a_device_plugin(request_: DeviceRequest, expected: dict[str, str]) -> None:
    for keys in ({"gpus": (request_,)}, {"deploy": deploy(reservations=Resource(devices=(request_,)))}):
        found = translated(service(**keys))

        assert container(found)["resources"]["limits"] == expected
        assert codes(found) == ["gpu"]


def test_what_no_cluster_knows_is_told() -> None:
    reserved = Resource(
        devices=(DeviceRequest(("tpu",)),),
        generic_resources=(GenericResource(DiscreteResource("ssd", 1)),),
    )

    assert codes(translated(service(deploy=deploy(reservations=reserved)))) == ["device-request", "generic-resource"]
