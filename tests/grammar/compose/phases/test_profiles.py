"""Which services are enabled, and which part of the stack remains."""

import pytest

from tests.grammar.making import codes, config, loaded, problems, warnings

STACK = """\
services:
  web: {image: x, depends_on: [db], networks: [n]}
  db: {image: x}
  debug: {image: x, profiles: [dev], volumes: ['data:/d']}
  ops: {image: x, profiles: [ops, dev]}
networks: {n: {}, unused: {}}
volumes: {data: {}}
"""


@pytest.mark.parametrize(
    ("profiles", "environment", "services"),
    [
        ((), {}, {"web", "db"}),
        (("ops",), {}, {"web", "db", "ops"}),
        (("dev",), {}, {"web", "db", "debug", "ops"}),
        (("*",), {}, {"web", "db", "debug", "ops"}),
        ((), {"COMPOSE_PROFILES": "ops, no"}, {"web", "db", "ops"}),
        (("dev",), {"COMPOSE_PROFILES": "ops"}, {"web", "db", "debug", "ops"}),
    ],
)
def test_enabled_services(profiles: tuple[str, ...], environment: dict[str, str], services: set[str]) -> None:
    assert set(config(STACK, profiles=profiles, environment=environment)["services"]) == services


@pytest.mark.parametrize(
    ("wanted", "services"),
    [(("db",), {"db"}), (("web",), {"web", "db"}), (("debug",), {"debug"}), (("db", "ops"), {"db", "ops"})],
)
def test_services_asked_for_by_name(wanted: tuple[str, ...], services: set[str]) -> None:
    assert set(config(STACK, services=wanted)["services"]) == services


def test_resources_that_nothing_enabled_uses_are_left_out_unless_asked_for() -> None:
    assert set(config(STACK)["networks"]) == {"default", "n"}
    assert "volumes" not in config(STACK)
    assert set(config(STACK, profiles=("dev",))["volumes"]) == {"data"}
    assert set(config(STACK, all_resources=True)["networks"]) == {"default", "n", "unused"}
    assert ("networks", "unused") in loaded(STACK).unused


def test_a_profile_and_a_service_that_nobody_has() -> None:
    assert warnings(STACK, profiles=("prod",)) == ["0 unknown-profile"]
    assert "no such service: wb\n  hint: did you mean 'web'?" in problems(STACK, services=("wb",))[0]


def test_a_job_is_no_service_and_is_told_so() -> None:
    stack = "services: {web: {image: x}}\njobs: {web2: {image: x, triggers: {manual: true}}}"

    assert problems(stack, services=("web2",)) == [
        "error[unknown-service]: no such service: web2\n  hint: web2 is a job: start it with stackferry run web2"
    ]


BROKEN = """\
services:
  web: {image: x}
  tool: {image: x, profiles: [tools], networks: [nowhere]}
"""


def test_a_service_that_is_only_named_is_checked_for_whoever_runs_it() -> None:
    assert set(config(BROKEN, services=("tool",), check_named=False)["services"]) == {"tool"}
    assert codes(BROKEN, services=("tool",)) == ["3:50 undefined-network"]


@pytest.mark.parametrize("rest", [{}, {"check_named": False}, {"check_consistency": False}])
def test_what_a_named_service_depends_on_has_to_be_there(rest: dict[str, bool]) -> None:
    stack = BROKEN.replace("networks: [nowhere]", "depends_on: [wbe]")

    (problem,) = problems(stack, services=("tool",), **rest)

    assert "compose.yaml:3:52: error[undefined-service]" in problem
    assert "did you mean 'web'?" in problem
