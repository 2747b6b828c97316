"""Deployments: replicas, selectors, labels, and which services become one."""

import pytest

from stackferry.grammar.compose.model.deploy import Deploy
from tests.translator.making import body_of, pod, service, translated

LABELS = {
    "app.kubernetes.io/name": "web",
    "app.kubernetes.io/instance": "shop",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "stackferry",
}


def test_labels_and_selector_agree() -> None:
    body = body_of(translated(service()), "Deployment/web")

    assert body["metadata"]["labels"] == LABELS
    assert body["spec"]["template"]["metadata"]["labels"] == LABELS
    assert body["spec"]["selector"]["matchLabels"].items() < LABELS.items()


@pytest.mark.parametrize(
    ("keys", "replicas"),
    [({}, 1), ({"scale": 4}, 4), ({"deploy": Deploy(replicas=0)}, 0), ({"deploy": Deploy(replicas=3)}, 3)],
    ids=str,
)
def test_replicas(keys: dict[str, object], replicas: int) -> None:
    assert body_of(translated(service(**keys)), "Deployment/web")["spec"]["replicas"] == replicas


def test_deploy_labels_annotate_the_workload_and_labels_the_pod() -> None:
    body = body_of(
        translated(service(labels={"a": "1"}, annotations={"b": "2"}, deploy=Deploy(labels={"c": "3"}))),
        "Deployment/web",
    )

    assert body["metadata"]["annotations"] == {"c": "3"}
    assert body["spec"]["template"]["metadata"]["annotations"] == {"a": "1", "b": "2"}


def test_peers_are_not_injected_as_variables() -> None:
    """REDIS_PORT=tcp://… of Kubernetes' service links breaks images that read that name."""
    assert pod(translated(service()))["enableServiceLinks"] is False
    assert pod(translated(service()))["automountServiceAccountToken"] is False
