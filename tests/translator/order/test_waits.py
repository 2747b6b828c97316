"""The init containers: their programs, their accounts, their arguments."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Dependency, Port
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.translator import Options, Translation
from tests.translator.making import body_of, ids, pod, service, translated

CHECK = Healthcheck(test=("CMD", "true"))
STARTED = Dependency()
HEALTHY = Dependency(condition="service_healthy")
COMPLETED = Dependency(condition="service_completed_successfully")


def waits(found: Translation, workload: str = "Deployment/web") -> dict[str, dict[str, str]]:
    """The variables of each init container."""
    containers = pod(found, workload).get("initContainers", [])
    return {each["name"]: {entry["name"]: entry["value"] for entry in each["env"]} for each in containers}


def test_started() -> None:
    found = translated(service(depends_on={"my_db": STARTED}), service("my_db"))

    assert waits(found) == {"wait-my-db": {"SERVICE": "my-db"}}
    assert "Service/my-db-ready" not in ids(found.objects)
    assert "serviceAccountName" not in pod(found)


@pytest.mark.parametrize(
    ("keys", "dependency", "expected"),
    [
        ({"healthcheck": CHECK}, HEALTHY, {}),
        ({"healthcheck": CHECK, "expose": ("1", "2/udp")}, HEALTHY, {"PORTS": "1", "PATIENCE": "30"}),
        ({"ports": (Port(target=3),), "expose": ("4",)}, HEALTHY, {"PORTS": "3 4", "PATIENCE": "300"}),
        ({"healthcheck": CHECK}, Dependency(condition="service_healthy", required=False), {"LIMIT": "300"}),
    ],
    ids=str,
)
def test_healthy(keys: dict[str, Any], dependency: Dependency, expected: dict[str, str]) -> None:
    found = translated(service(depends_on={"db": dependency}), service("db", image="app:1", **keys))

    assert waits(found) == {"wait-db": {"SERVICE": "db-ready", **expected}}
    spec = body_of(found, "Service/db-ready")["spec"]
    assert spec["clusterIP"] == "None"
    assert "publishNotReadyAddresses" not in spec
    assert spec["selector"] == body_of(found, "Service/db")["spec"]["selector"]


def test_completed_asks_with_a_token_that_only_the_wait_has() -> None:
    found = translated(service(depends_on={"migrate": COMPLETED}), service("migrate"))

    name = found.made["workload", "migrate"].removeprefix("Job/")
    assert waits(found) == {"wait-migrate": {"JOB": name, "ROLE": "shop-waits"}}
    spec = pod(found)
    assert (spec["serviceAccountName"], spec["automountServiceAccountToken"]) == ("shop-waits", False)
    (volume,) = spec["volumes"]
    assert [next(iter(source)) for source in volume["projected"]["sources"]] == [
        "serviceAccountToken",
        "configMap",
        "downwardAPI",
    ]
    assert [mount["name"] for mount in spec["initContainers"][0]["volumeMounts"]] == [volume["name"]]
    assert "volumeMounts" not in spec["containers"][0]


def test_a_change_of_the_job_is_a_change_of_who_waits_for_it() -> None:
    first, second = (
        pod(translated(service(depends_on={"migrate": COMPLETED}), service("migrate", command=(word,))))
        for word in ("up", "down")
    )

    assert first["initContainers"] != second["initContainers"]
    assert first["containers"] == second["containers"]


def test_nothing_is_made_without_waits() -> None:
    found = translated(
        service(depends_on={"migrate": COMPLETED, "db": HEALTHY}),
        service("migrate"),
        service("db", healthcheck=CHECK),
        options=Options(wait=False),
    )

    assert waits(found) == {}
    assert not {"ServiceAccount", "Role", "RoleBinding"} & {each.kind for each in found.objects}
    assert "Service/db-ready" not in ids(found.objects)


def test_the_helper_image_and_what_it_may() -> None:
    found = translated(
        service(depends_on={"db": STARTED}), service("db"), options=Options(helper_image="registry.local/tools:1")
    )

    (made,) = pod(found)["initContainers"]
    assert (made["image"], made["imagePullPolicy"]) == ("registry.local/tools:1", "IfNotPresent")
    assert made["securityContext"] == {
        "runAsUser": 65534,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_a_name_that_somebody_has_is_not_taken() -> None:
    found = translated(
        service(depends_on={"db": HEALTHY}),
        service("db", healthcheck=CHECK),
        service("db-ready"),
        service("wait-db", network_mode="service:web"),
    )

    ((name, said),) = waits(found).items()
    assert name.startswith("wait-db-")
    assert said["SERVICE"].startswith("db-ready-")
