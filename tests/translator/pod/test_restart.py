"""Restart conditions of long-running services."""

import pytest

from stackferry.grammar.compose.model.deploy import Deploy, RestartPolicy
from tests.translator.making import codes, note, service, translated


@pytest.mark.parametrize("restart", ["always", "unless-stopped"])
def test_what_deployments_do_anyway(restart: str) -> None:
    assert codes(translated(service(restart=restart))) == []


def test_deploy_wins_over_restart_and_the_note_points_there() -> None:
    found = translated(service(restart="always", deploy=Deploy(restart_policy=RestartPolicy(condition="on-failure"))))

    assert note(found, "restart").path == ("services", "web", "deploy", "restart_policy", "condition")


def test_what_ends_in_a_shared_pod_takes_the_others_down() -> None:
    found = translated(service(), service("task", network_mode="service:web", restart="no"))

    assert "the pod is not ready, including web" in note(found, "restart").message
    assert "its own pod" in note(found, "restart").hint
