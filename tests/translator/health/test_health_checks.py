"""The HEALTHCHECK of a local Dockerfile, joined with the check of the compose file as Docker joins them."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator.translation import Translation
from tests.translator.making import HERE, body_of, codes, container, ids, note, service, translated

SECOND = 1_000_000_000
IMAGE = 'FROM x\nHEALTHCHECK --interval=7s --retries=5 --timeout=2s --start-period=1m CMD ["ping"]\n'


def built(dockerfile: str, check: Healthcheck | None = None, **build: object) -> dict[str, object]:
    web = service(image=None, build=Build(context=HERE, **build), healthcheck=check)
    found = translated(web, files={f"{HERE}/Dockerfile": dockerfile})
    return {key: value for key, value in container(found).items() if key.endswith("Probe")}


def ready(command: list[str], period: int = 30, timeout: int = 30, failures: int = 3) -> dict[str, object]:
    return {
        "exec": {"command": command},
        "periodSeconds": period,
        "timeoutSeconds": timeout,
        "failureThreshold": failures,
    }


@pytest.mark.parametrize(
    ("instruction", "command"),
    [
        ("HEALTHCHECK CMD curl -f localhost || exit 1", ["/bin/sh", "-c", "curl -f localhost || exit 1"]),
        ('HEALTHCHECK CMD ["curl", "x y"]', ["curl", "x y"]),
        ('SHELL ["/bin/bash", "-c"]\nHEALTHCHECK CMD true', ["/bin/bash", "-c", "true"]),
        ("HEALTHCHECK CMD first\nHEALTHCHECK CMD last", ["/bin/sh", "-c", "last"]),
    ],
)
def test_forms(instruction: str, command: list[str]) -> None:
    assert built(f"FROM x\n{instruction}\n") == {"readinessProbe": ready(command)}


def test_times() -> None:
    found = built(IMAGE)

    assert found["readinessProbe"] == ready(["ping"], 7, 2, 5)
    assert "startupProbe" in found


def test_what_the_file_says_wins_field_by_field() -> None:
    check = Healthcheck(test=("CMD", "own"), interval=Duration(9 * SECOND), retries=0)

    assert built(IMAGE, check)["readinessProbe"] == ready(["own"], 9, 2, 5)
    assert built(IMAGE, Healthcheck(timeout=Duration(SECOND)))["readinessProbe"] == ready(["ping"], 7, 1, 5)


@pytest.mark.parametrize("check", [Healthcheck(disable=True), Healthcheck(test=("NONE",))], ids=str)
def test_disabled(check: Healthcheck) -> None:
    assert built(IMAGE, check) == {}


@pytest.mark.parametrize("dockerfile", ["FROM x\n", "FROM x\nHEALTHCHECK NONE\n", "", "FROM x\nHEALTHCHECK\n"])
def test_none(dockerfile: str) -> None:
    assert built(dockerfile) == {}


def test_of_the_stage_that_is_built() -> None:
    dockerfile = "FROM x AS base\nHEALTHCHECK CMD a\nFROM base AS app\nFROM x AS other\n"

    assert built(dockerfile, target="app") == {"readinessProbe": ready(["/bin/sh", "-c", "a"])}
    assert built(dockerfile) == {}


def test_it_is_said_where_the_probe_comes_from() -> None:
    web = service(image=None, build=Build(context=HERE))

    assert note(translated(web, files={f"{HERE}/Dockerfile": IMAGE}), "image-healthcheck").kind.faithful


def test_a_file_that_is_not_here_tells_nothing() -> None:
    web = service(image=None, build=Build(context="https://example.org/x.git"), healthcheck=Healthcheck(retries=2))

    assert "image-healthcheck" in codes(translated(web))


def with_image(check: str, **keys: Any) -> Translation:
    """A service of an image with that check, beside one that calls it."""
    web = service(image=None, build=Build(context=HERE), **keys)
    return translated(web, service("client", command=("curl", "web:8000")), files={f"{HERE}/Dockerfile": check})


OWN_NAME = "FROM x\nHEALTHCHECK CMD curl -f http://web:8000/\n"


def test_a_check_of_the_image_that_calls_its_own_name_can_succeed() -> None:
    assert body_of(with_image(OWN_NAME), "Service/web")["spec"]["publishNotReadyAddresses"] is True


def test_so_it_can_with_several_replicas() -> None:
    found = body_of(with_image(OWN_NAME, deploy=Deploy(replicas=2)), "Service/web")

    assert found["spec"]["publishNotReadyAddresses"] is True


@pytest.mark.parametrize(
    "keys",
    [{"healthcheck": Healthcheck(test=("NONE",))}, {"healthcheck": Healthcheck(disable=True)}],
    ids=["none", "disabled"],
)
def test_no_check_hides_nobody(keys: dict[str, Any]) -> None:
    assert "publishNotReadyAddresses" not in body_of(with_image(OWN_NAME, **keys), "Service/web")["spec"]


def test_replicas_with_the_check_of_their_image_are_not_told_to_have_none() -> None:
    assert "no-check" not in codes(with_image(IMAGE, deploy=Deploy(replicas=2)))
    unchecked = with_image(IMAGE, deploy=Deploy(replicas=2), healthcheck=Healthcheck(test=("NONE",)))
    assert "no-check" in codes(unchecked)


def test_a_port_that_the_check_of_the_image_asks_is_known() -> None:
    found = body_of(
        translated(
            service(image=None, build=Build(context=HERE)),
            files={f"{HERE}/Dockerfile": "FROM x\nHEALTHCHECK CMD wget -qO- localhost:9090/health\n"},
        ),
        "Service/web",
    )

    assert [port["port"] for port in found["spec"]["ports"]] == [9090]


def test_what_an_image_checks_is_a_daemon() -> None:
    web = service(image=None, build=Build(context=HERE), restart="no")

    assert "Deployment/web" in ids(translated(web, files={f"{HERE}/Dockerfile": IMAGE}).objects)


def test_a_name_that_is_another_one_in_the_cluster_is_rewritten() -> None:
    web = service("web_app", image=None, build=Build(context=HERE))
    check = "FROM x\nHEALTHCHECK --interval=7s CMD curl -f http://web_app:8000/\n"
    found = translated(web, files={f"{HERE}/Dockerfile": check})

    probe = container(found, "Deployment/web-app")["readinessProbe"]
    assert (probe["exec"]["command"][-1], probe["periodSeconds"]) == ("curl -f http://web-app:8000/", 7)
    told = note(found, "rewritten")
    assert told.message == "web_app:8000 -> web-app:8000 in the HEALTHCHECK of its Dockerfile"
    assert told.path == ("services", "web_app", "build")
