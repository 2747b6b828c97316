"""The change that `service update` makes from its flags, without an engine."""

from random import Random

import pytest

from stackferry.deploy.service_update import ServiceUpdate, updated
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service
from stackferry.emulator.engine.image import Distribution
from stackferry.grammar.diagnostics import StackferryError
from stackferry.images.digests import Answer
from stackferry.options.edits.edit import PayloadLookup
from stackferry.session import Session

UNASKED = Answer()
DIGEST = "sha256:" + "0" * 64


def cluster(mode=Mode.REPLICATED):
    return create_service(
        Cluster(), ServiceSpec("web", mode, task=TaskTemplate(ContainerSpec("nginx"))), 0.0, Random(1)
    )


def after(before, asked, answer=UNASKED):
    (service_id,) = before.services
    return updated(before, service_id, asked, PayloadLookup(Session({})), answer, 1.0).services[service_id]


def test_flags():
    service = after(cluster(), ServiceUpdate({"replicas": 3, "env_add": ["A=1"]}))

    assert (service.spec.replicas, service.spec.task.container.env) == (3, ("A=1",))


def test_a_new_image_has_the_digest_that_its_registry_told():
    service = after(cluster(), ServiceUpdate({"image": "nginx:2"}), Answer(Distribution(DIGEST, ())))

    assert service.spec.task.container.image == f"nginx:2@{DIGEST}"


def test_force_replaces_tasks_though_nothing_has_changed():
    before = cluster()

    assert after(before, ServiceUpdate({})).spec.task == after(before, ServiceUpdate({})).spec.task
    assert after(before, ServiceUpdate({}, force=True)).spec.task != after(before, ServiceUpdate({})).spec.task


def test_rollback_takes_no_other_flag():
    before = cluster()
    (service_id,) = before.services
    changed = updated(before, service_id, ServiceUpdate({"replicas": 3}), PayloadLookup(Session({})), Answer(), 1.0)

    assert after(changed, ServiceUpdate({"replicas": None}, rollback=True)).spec.replicas == 1
    with pytest.raises(StackferryError, match="may not be combined with --rollback"):
        after(changed, ServiceUpdate({"replicas": 2}, rollback=True))
    with pytest.raises(StackferryError, match="may not be combined with --rollback"):
        after(changed, ServiceUpdate({}, force=True, rollback=True))


@pytest.mark.parametrize(
    ("mode", "hint"), [(Mode.GLOBAL, "one task on each node"), (Mode.REPLICATED_JOB, "service scale")]
)
def test_only_a_replicated_service_has_a_number(mode, hint):
    with pytest.raises(StackferryError, match="replicated mode") as caught:
        after(cluster(mode), ServiceUpdate({"replicas": 2}))

    assert hint in caught.value.hint
