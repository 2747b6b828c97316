"""Variables that a pod fills in through the downward API, in an order that Kubernetes can expand."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.translator import Kind
from tests.translator.making import codes, container, note, service, translated

INDEX = {"fieldRef": {"fieldPath": "metadata.labels['apps.kubernetes.io/pod-index']"}}
NODE = {"fieldRef": {"fieldPath": "spec.nodeName"}}


def env(value: str, kind: str = "StatefulSet", **keys: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = container(translated(service(environment={"A": value}, **keys)), f"{kind}/web")["env"]
    return found


def test_a_field_alone_needs_no_helper() -> None:
    assert env("{{.Task.Slot}}") == [{"name": "A", "valueFrom": INDEX}]


def test_text_around_a_field_is_expanded_from_a_variable_before() -> None:
    assert env("a-{{.Task.Slot}}") == [
        {"name": "STACKFERRY_SLOT", "valueFrom": INDEX},
        {"name": "A", "value": "a-$(STACKFERRY_SLOT)"},
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [("$", "$$"), ("$$", "$$$$"), ("$(X)", "$$(X)"), ("$x", "$x"), ("a$b$", "a$b$$")],
)
def test_dollars_before_a_field_stay_dollars(text: str, written: str) -> None:
    assert env(text + "{{.Task.Slot}}")[1]["value"] == f"{written}$(STACKFERRY_SLOT)"


def test_a_node_makes_no_slots() -> None:
    assert env("{{.Node.Hostname}}", "Deployment") == [{"name": "A", "valueFrom": NODE}]


def test_the_slot_of_a_global_task_is_its_node() -> None:
    found = translated(service(environment={"A": "{{.Task.Slot}}"}, deploy=Deploy(mode="global")))

    assert container(found, "DaemonSet/web")["env"] == [{"name": "A", "valueFrom": NODE}]
    assert note(found, "template").kind is Kind.APPROXIMATED


def test_the_one_task_of_a_job_has_the_first_slot() -> None:
    after = {"web": Dependency(condition="service_completed_successfully")}
    found = translated(service(environment={"A": "no {{.Task.Slot}}"}), service("api", depends_on=after))

    assert container(found, found.made["workload", "web"])["env"] == [{"name": "A", "value": "no 1"}]


def test_several_tasks_of_a_job_are_not_told_apart() -> None:
    found = translated(service(environment={"A": "{{.Task.Slot}}"}, deploy=Deploy(mode="replicated-job", replicas=2)))

    assert container(found, found.made["workload", "web"])["env"] == [{"name": "A", "value": "{{.Task.Slot}}"}]
    assert note(found, "template").kind is Kind.NEEDS_ACTION


def test_a_secret_that_a_pod_fills_in_is_in_clear_and_that_is_said() -> None:
    assert "secret-variable" in codes(translated(service(environment={"PASSWORD": "x{{.Task.Slot}}"})))
