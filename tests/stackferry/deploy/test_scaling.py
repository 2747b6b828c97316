"""Scaling several services at once, without an engine. `emulator/control/change.py`'s tests have the refusals."""

from random import Random

from stackferry.deploy.scaling import scaled
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service


def test_scaled():
    chance, cluster = Random(1), Cluster()
    for name in ("web", "db", "cache"):
        cluster = create_service(cluster, ServiceSpec(name, task=TaskTemplate(ContainerSpec("nginx"))), 0.0, chance)
    ids = {one.spec.name: one.id for one in cluster.services.values()}

    after = scaled({ids["web"]: 3, ids["db"]: 0}, 1.0, cluster)

    assert {one.spec.name: one.spec.replicas for one in after.services.values()} == {"web": 3, "db": 0, "cache": 1}
