"""Jobs: named after their content, retried as often as compose says."""

import pytest

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.grammar.compose.model.deploy import Deploy, RestartPolicy
from stackferry.grammar.compose.model.runtime import Healthcheck
from tests.translator.making import codes, ids, job, note, service, translated

AFTER = {"migrate": Dependency(condition="service_completed_successfully")}


def test_awaited_service_is_a_job() -> None:
    found = translated(service(depends_on=AFTER), service("migrate"))

    spec = job(found, "migrate")["spec"]
    assert (spec["parallelism"], spec["completions"], spec["backoffLimit"]) == (1, 1, 0)
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert "Deployment/migrate" not in ids(found.objects)
    assert "because another service waits for its completion" in note(found, "job").message


def test_the_name_follows_the_content() -> None:
    names = [
        job(translated(service(depends_on=AFTER), service("migrate", command=(word,))), "migrate")["metadata"]["name"]
        for word in ("up", "up", "down")
    ]

    assert names[0] == names[1] != names[2]
    assert all(name.startswith("migrate-") for name in names)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"restart": "on-failure:3"}, ("OnFailure", 3)),
        ({"restart": "on-failure"}, ("OnFailure", 6)),
        ({"restart": "always"}, ("OnFailure", 6)),
        ({"restart": "no"}, ("Never", 0)),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=2))}, ("OnFailure", 2)),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, ("Never", 0)),
    ],
    ids=str,
)
def test_retries(keys: dict[str, object], expected: tuple[str, int]) -> None:
    spec = job(translated(service(depends_on=AFTER), service("migrate", **keys)), "migrate")["spec"]

    assert (spec["template"]["spec"]["restartPolicy"], spec["backoffLimit"]) == expected


@pytest.mark.parametrize(
    ("condition", "checked", "expected"),
    [
        ("service_healthy", True, ("Never", 0)),
        ("service_healthy", False, ("OnFailure", 6)),
        ("service_started", True, ("OnFailure", 6)),
        ("service_completed_successfully", True, ("Never", 0)),
    ],
)
def test_one_try_only_when_nothing_can_be_too_early(condition: str, checked: bool, expected: tuple[str, int]) -> None:
    check = Healthcheck(test=("CMD", "true")) if checked else None
    found = translated(
        service(depends_on=AFTER),
        service("migrate", restart="no", depends_on={"db": Dependency(condition=condition)}),
        service("db", healthcheck=check),
    )

    spec = job(found, "migrate")["spec"]
    assert (spec["template"]["spec"]["restartPolicy"], spec["backoffLimit"]) == expected
    assert ("job-retries" in codes(found)) is (expected != ("Never", 0))


def test_replicated_job() -> None:
    spec = job(translated(service(deploy=Deploy(mode="replicated-job", replicas=4))), "web")["spec"]

    assert (spec["parallelism"], spec["completions"]) == (4, 4)
