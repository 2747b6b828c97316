"""Fields of the pod that correspond to one compose key each."""

from typing import Any

import pytest

from stackferry.grammar.compose.syntax.units import Duration
from tests.translator.making import body_of, codes, pod, service, translated

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        ({"pid": "host"}, "hostPID", True),
        ({"ipc": "host"}, "hostIPC", True),
        ({"init": True}, "shareProcessNamespace", True),
        ({"init": True, "pid": "host"}, "shareProcessNamespace", None),
        ({"stop_grace_period": Duration(90 * SECOND)}, "terminationGracePeriodSeconds", 95),
        ({"stop_grace_period": Duration(SECOND // 2)}, "terminationGracePeriodSeconds", 6),
        ({"stop_grace_period": Duration(0)}, "terminationGracePeriodSeconds", 5),
        ({"runtime": "gvisor"}, "runtimeClassName", "gvisor"),
        ({"runtime": "runc"}, "runtimeClassName", None),
        ({"restart": "on-failure"}, "restartPolicy", "Always"),
    ],
    ids=str,
)
def test_field(keys: dict[str, Any], field: str, value: object) -> None:
    assert pod(translated(service(**keys))).get(field) == value


def test_label_that_is_no_annotation_key_is_told() -> None:
    found = translated(service(labels={"a b": "1", "x" * 64: "2", "traefik.http.routers.web.rule": "Host(`x`)"}))

    metadata = body_of(found, "Deployment/web")["spec"]["template"]["metadata"]
    assert metadata["annotations"] == {"traefik.http.routers.web.rule": "Host(`x`)"}
    assert codes(found) == ["docker-label", "annotation-key", "annotation-key"]
