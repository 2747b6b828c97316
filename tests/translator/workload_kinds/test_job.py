"""Jobs: services that somebody waits for to end, or that say so; nothing else."""

import pytest

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.grammar.compose.model.deploy import Deploy, RestartPolicy
from tests.translator.making import codes, ids, one, service, translated

AFTER = {"migrate": Dependency(condition="service_completed_successfully")}


def test_awaited_service_is_a_job() -> None:
    found = translated(service(depends_on=AFTER), service("migrate"))

    spec = one(found, "Job/migrate")["spec"]
    assert (spec["parallelism"], spec["completions"], spec["backoffLimit"]) == (1, 1, 0)
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert "Deployment/migrate" not in ids(found.objects)


@pytest.mark.parametrize("restart", ["no", "on-failure", "on-failure:3", None])
def test_restart_alone_makes_no_job(restart: str | None) -> None:
    found = translated(service(restart=restart))

    assert "Deployment/web" in ids(found.objects)
    assert ("restart" in codes(found)) is bool(restart)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"restart": "on-failure:3"}, ("OnFailure", 3)),
        ({"restart": "on-failure"}, ("OnFailure", 6)),
        ({"restart": "always"}, ("OnFailure", 6)),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=2))}, ("OnFailure", 2)),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, ("Never", 0)),
    ],
    ids=str,
)
def test_retries(keys: dict[str, object], expected: tuple[str, int]) -> None:
    spec = one(translated(service(depends_on=AFTER), service("migrate", **keys)), "Job/migrate")["spec"]

    assert (spec["template"]["spec"]["restartPolicy"], spec["backoffLimit"]) == expected


def test_replicated_job() -> None:
    spec = one(translated(service(deploy=Deploy(mode="replicated-job", replicas=4))), "Job/web")["spec"]

    assert (spec["parallelism"], spec["completions"]) == (4, 4)
