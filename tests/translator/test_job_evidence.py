"""Which evidence makes a service a Job."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Dependency, Port
from stackferry.grammar.compose.model.deploy import Deploy, RestartPolicy
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.job_evidence import plan_jobs
from stackferry.translator.sharing import plan_groups
from tests.translator.making import HERE, project, service

ONCE = {"restart": "no"}
AFTER = {"it": Dependency(condition="service_completed_successfully")}


def is_job(keys: dict[str, Any], peer: dict[str, Any] | None = None) -> bool:
    made = project(service("it", **keys), service("peer", **(peer or {})))
    return "it" in plan_jobs(made, plan_groups(made), Host(Memory({}, HERE)))


@pytest.mark.parametrize(
    ("keys", "peer", "expected"),
    [
        ({}, {}, False),
        ({"restart": "on-failure"}, {}, False),
        ({"restart": "always"}, {}, False),
        (ONCE, {}, True),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, {}, True),
        ({**ONCE, "deploy": Deploy(restart_policy=RestartPolicy(condition="any"))}, {}, False),
        # What only a daemon has.
        ({**ONCE, "ports": (Port(target=80),)}, {}, False),
        ({**ONCE, "expose": ("80",)}, {}, False),
        ({**ONCE, "healthcheck": Healthcheck(test=("CMD", "true"))}, {}, False),
        ({**ONCE, "healthcheck": Healthcheck(disable=True)}, {}, True),
        ({**ONCE, "scale": 2}, {}, False),
        ({**ONCE, "deploy": Deploy(mode="global")}, {}, False),
        # Whoever is called is a daemon.
        (ONCE, {"depends_on": {"it": Dependency()}}, False),
        (ONCE, {"links": ("it:x",)}, False),
        (ONCE, {"network_mode": "service:it"}, False),
        (ONCE, {"environment": {"URL": "http://it/x"}}, False),
        (ONCE, {"environment": {"URL": "pg://me:pw@it:5432/x"}}, False),
        (ONCE, {"environment": {"HOST": "it"}}, False),
        (ONCE, {"environment": {"HOST": "it:80,other:80"}}, False),
        (ONCE, {"command": ("serve", "it:80")}, False),
        ({**ONCE, "container_name": "the-it"}, {"environment": {"HOST": "the-it"}}, False),
        (ONCE, {"environment": {"WORDS": "it is in here, and fit:80 as well"}}, True),
        ({**ONCE, "environment": {"SELF": "it"}}, {}, True),
        # Who waits for the end says that there is one.
        ({}, {"depends_on": AFTER}, True),
        ({"ports": (Port(target=80),)}, {"depends_on": AFTER}, True),
        ({"deploy": Deploy(mode="global")}, {"depends_on": AFTER}, False),
        ({"deploy": Deploy(mode="replicated-job")}, {}, True),
        ({"deploy": Deploy(mode="global-job")}, {}, True),
        # A pod ends when all of it does.
        ({}, {"network_mode": "service:it", "depends_on": AFTER}, False),
        ({"network_mode": "service:peer"}, {"depends_on": AFTER}, False),
    ],
    ids=str,
)
def test_evidence(keys: dict[str, Any], peer: dict[str, Any], expected: bool) -> None:
    assert is_job(keys, peer) is expected
