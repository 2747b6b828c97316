"""The HEALTHCHECK of a local Dockerfile, joined with the check of the compose file as Docker joins them."""

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.syntax.units import Duration
from tests.translator.making import HERE, codes, container, note, service, translated

SECOND = 1_000_000_000
IMAGE = 'FROM x\nHEALTHCHECK --interval=7s --retries=5 --timeout=2s --start-period=1m CMD ["ping"]\n'


def built(dockerfile: str, check: Healthcheck | None = None, **build: object) -> dict[str, object]:
    one = service(image=None, build=Build(context=HERE, **build), healthcheck=check)
    found = translated(one, files={f"{HERE}/Dockerfile": dockerfile})
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
    one = service(image=None, build=Build(context=HERE))

    assert note(translated(one, files={f"{HERE}/Dockerfile": IMAGE}), "image-healthcheck").kind.faithful


def test_a_file_that_is_not_here_tells_nothing() -> None:
    one = service(image=None, build=Build(context="https://example.org/x.git"), healthcheck=Healthcheck(retries=2))

    assert "image-healthcheck" in codes(translated(one))
