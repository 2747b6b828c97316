"""Health checks: both forms, Docker's times, and no restart that Docker would not do."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator.pod.probes import MOST
from tests.translator.making import codes, container, service, translated

SECOND = 1_000_000_000
CURL = ("CMD", "curl", "-f", "http://localhost")


def probe(name: str = "readinessProbe", **keys: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = container(translated(service(healthcheck=Healthcheck(**keys)))).get(name)
    return found


@pytest.mark.parametrize(
    ("test", "command"),
    [
        (CURL, ["curl", "-f", "http://localhost"]),
        (("CMD-SHELL", "pg_isready || exit 1"), ["/bin/sh", "-c", "pg_isready || exit 1"]),
        (("CMD-SHELL", 'test "$(cat /tmp/x)" = $OK'), ["/bin/sh", "-c", 'test "$$(cat /tmp/x)" = $OK']),
    ],
    ids=str,
)
def test_command(test: tuple[str, ...], command: list[str]) -> None:
    assert (probe(test=test) or {})["exec"] == {"command": command}


def test_dockers_defaults_are_spelled_out() -> None:
    found = container(translated(service(healthcheck=Healthcheck(test=CURL))))

    assert {key: found["readinessProbe"][key] for key in ("periodSeconds", "timeoutSeconds", "failureThreshold")} == {
        "periodSeconds": 30,
        "timeoutSeconds": 30,
        "failureThreshold": 3,
    }
    assert "livenessProbe" not in found
    assert "startupProbe" not in found


def test_a_startup_probe_never_gives_up() -> None:
    """One that did would restart the container, which Docker's check never does."""
    startup = probe("startupProbe", test=CURL, interval=Duration(10 * SECOND), start_period=Duration(61 * SECOND))

    assert startup is not None
    assert startup["failureThreshold"] == MOST


def test_start_interval_is_the_startup_period() -> None:
    startup = probe("startupProbe", test=CURL, start_period=Duration(SECOND), start_interval=Duration(2 * SECOND))

    assert (startup or {})["periodSeconds"] == 2


def test_less_than_a_second_is_a_second() -> None:
    found = translated(
        service(healthcheck=Healthcheck(test=CURL, interval=Duration(SECOND // 2), timeout=Duration(3 * SECOND // 2)))
    )

    assert container(found)["readinessProbe"]["periodSeconds"] == 1
    assert container(found)["readinessProbe"]["timeoutSeconds"] == 2
    assert codes(found) == ["rounded-up", "rounded-up"]


@pytest.mark.parametrize("keys", [{"test": ("NONE",)}, {"disable": True}, {"disable": True, "test": CURL}], ids=str)
def test_disabled(keys: dict[str, Any]) -> None:
    found = translated(service(healthcheck=Healthcheck(**keys)))

    assert not [key for key in container(found) if key.endswith("Probe")]
    assert codes(found) == []


def test_times_of_the_images_own_check_need_action() -> None:
    assert codes(translated(service(healthcheck=Healthcheck(retries=5)))) == ["image-healthcheck", "no-probe"]


def test_test_without_a_command_needs_action() -> None:
    assert codes(translated(service(healthcheck=Healthcheck(test=("CMD-SHELL",))))) == ["empty-healthcheck"]


def test_no_start_period_is_exact() -> None:
    found = translated(service(healthcheck=Healthcheck(test=CURL, start_period=Duration(0))))

    assert "startupProbe" not in container(found)
    assert [note.kind.faithful for note in found.notes if note.path[-1] == "start_period"] == [True]


def test_what_no_probe_can_count_to_is_cut() -> None:
    long = Duration(2**32 * SECOND)
    found = translated(service(healthcheck=Healthcheck(test=CURL, interval=long, start_period=Duration(SECOND))))

    assert container(found)["readinessProbe"]["periodSeconds"] == MOST
    assert container(found)["startupProbe"]["failureThreshold"] == MOST
    assert codes(found) == ["longest-time"]


def test_what_stands_beside_a_test_that_makes_no_probe_is_told() -> None:
    check = Healthcheck(test=("CMD",), interval=Duration(SECOND), retries=5)
    found = translated(service(healthcheck=check))

    assert codes(found) == ["empty-healthcheck", "no-probe", "no-probe"]
    assert [note.path[-1] for note in found.notes if not note.kind.faithful] == ["test", "interval", "retries"]
