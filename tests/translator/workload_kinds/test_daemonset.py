"""DaemonSets: `deploy.mode: global`."""

from stackferry.grammar.compose.model.deploy import Deploy, UpdatePolicy
from stackferry.grammar.compose.syntax.units import Duration
from tests.translator.making import body_of, ids, service, translated


def test_has_neither_replicas_nor_strategy() -> None:
    policy = UpdatePolicy(parallelism=2, order="start-first", delay=Duration(3_000_000_000))
    found = translated(service(deploy=Deploy(mode="global", replicas=3, update_config=policy)))

    assert ids(found.objects) == ["Service/web", "DaemonSet/web"]
    spec = body_of(found, "DaemonSet/web")["spec"]
    assert spec["updateStrategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": 2, "maxUnavailable": 0},
    }
    assert spec["minReadySeconds"] == 3
    assert not {"replicas", "strategy"} & set(spec)
