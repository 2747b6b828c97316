"""The check of finished manifests: every complaint is provoked once; valid manifests provoke none."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import FileReference, Mount, Port
from stackferry.grammar.compose.model.deploy import Deploy, UpdatePolicy
from stackferry.grammar.compose.model.job import Schedule
from stackferry.grammar.compose.model.resources import Config, Volume
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.grammar.compose.syntax.units import Bytes
from stackferry.translator import Manifest, Options, check
from tests.translator.making import compose_job, service, translated

GOOD = translated(
    service(
        ports=(Port(target=80, published=PortRange("30080")),),
        environment={"TOKEN": "t"},
        configs=(FileReference("c"),),
        volumes=(Mount(type="volume", source="data", target="/data", read_only=True),),
        healthcheck=Healthcheck(test=("CMD", "true")),
        deploy=Deploy(update_config=UpdatePolicy(parallelism=1)),
        mem_limit=Bytes(1 << 30),
        labels={"a": "b"},
        privileged=True,
        cap_add=("CHOWN",),
    ),
    service("silent"),
    jobs={"nightly": compose_job("nightly", Schedule("@daily", "Europe/Berlin", missed_fires="skip"))},
    configs={"c": Config(content="x")},
    volumes={"data": Volume()},
)

Edit = Callable[[dict[str, Any]], None]


def pod(body: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = body["spec"]["template"]["spec"]
    return spec


def container(body: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = pod(body)["containers"][0]
    return first


def spoiled(identifier: str, edit: Edit) -> list[Manifest]:
    """The good manifests with one body changed."""
    found = []
    for manifest in GOOD.objects:
        body = copy.deepcopy(manifest.body)
        if manifest.id == identifier:
            edit(body)
        found.append(Manifest(manifest.kind, body["metadata"]["name"], manifest.namespace, body))
    return found


def put(*path: str | int, value: Any) -> Edit:
    def edit(body: dict[str, Any]) -> None:
        at: Any = body
        for part in path[:-1]:
            at = at[part]
        at[path[-1]] = value

    return edit


POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)
WEB, PUBLISHED, NIGHTLY = "Deployment/web", "Service/web-published", "CronJob/nightly"


def test_good_manifests() -> None:
    assert check(GOOD.objects) == ()


@pytest.mark.parametrize(
    ("identifier", "edit", "code"),
    [
        (WEB, put("metadata", "name", value="Web"), "check-name"),
        ("Service/web", put("metadata", "name", value="2web"), "check-name"),
        (WEB, put("metadata", "name", value="silent"), "check-duplicate"),
        (WEB, put("kind", value="DaemonSet"), "check-head"),
        (WEB, put("metadata", "labels", "a b", value="c"), "check-label"),
        (WEB, put("spec", "template", "metadata", "labels", "x", value="not legal"), "check-label"),
        (WEB, put("spec", "template", "metadata", "annotations", "a b", value="c"), "check-annotation"),
        (WEB, put("spec", "selector", "matchLabels", "x", value="y"), "check-selector"),
        ("Service/web", put("spec", "selector", "app.kubernetes.io/name", value="other"), "check-selector"),
        ("Service/web", put("spec", "ports", value=[]), "check-port"),
        (PUBLISHED, put("spec", "ports", 0, "nodePort", value=0), "check-node-port"),
        (PUBLISHED, put("spec", "ports", 0, "name", value="a-name-too-long-for"), "check-port-name"),
        (PUBLISHED, put("spec", "ports", 0, "name", value="80"), "check-port-name"),
        (PUBLISHED, lambda body: body["spec"]["ports"].append(dict(body["spec"]["ports"][0])), "check-port-name"),
        (PUBLISHED, lambda body: body["spec"]["ports"].append(dict(body["spec"]["ports"][0])), "check-node-port"),
        (PUBLISHED, lambda body: body["spec"]["ports"].append(dict(body["spec"]["ports"][0])), "check-port"),
        (WEB, put(*CONTAINER, "ports", 0, "name", value="UPPER"), "check-port-name"),
        (WEB, put(*CONTAINER, "name", value="a_b"), "check-container"),
        (WEB, put(*CONTAINER, "image", value=" "), "check-container"),
        (WEB, put(*POD, "volumes", 0, "name", value="a_b"), "check-volume"),
        (WEB, put(*POD, "volumes", value=[]), "check-mount"),
        (WEB, put(*CONTAINER, "volumeMounts", 0, "mountPath", value="/c"), "check-mount"),
        (WEB, put(*CONTAINER, "volumeMounts", 0, "mountPath", value="C:/x"), "check-mount"),
        (WEB, put(*CONTAINER, "volumeMounts", 0, "subPath", value="../x"), "check-mount"),
        (WEB, put(*CONTAINER, "volumeMounts", 0, "subPath", value="database"), "check-claim"),
        (WEB, put(*POD, "securityContext", value={"fsGroup": 5}), "check-claim"),
        (WEB, put(*CONTAINER, "livenessProbe", value={}), "check-probe"),
        (WEB, put(*POD, "initContainers", value=[{"name": "a", "image": "b", "lifecycle": {}}]), "check-lifecycle"),
        (WEB, put(*CONTAINER, "readinessProbe", "periodSeconds", value=0), "check-probe"),
        (WEB, put(*CONTAINER, "readinessProbe", "timeoutSeconds", value=0.5), "check-probe"),
        (WEB, put(*CONTAINER, "readinessProbe", "exec", "command", value=[]), "check-probe"),
        (WEB, put(*CONTAINER, "securityContext", "allowPrivilegeEscalation", value=False), "check-security"),
        (WEB, put(*CONTAINER, "securityContext", "capabilities", "add", value=["CAP_CHOWN"]), "check-capability"),
        (WEB, put(*CONTAINER, "resources", "requests", "memory", value="2Gi"), "check-resources"),
        (WEB, put("spec", "strategy", "type", value="Recreate"), "check-strategy"),
        (WEB, put("spec", "strategy", "rollingUpdate", "maxUnavailable", value=0), "check-strategy"),
        (WEB, put("spec", "minReadySeconds", value=600), "check-strategy"),
        (WEB, put(*POD, "restartPolicy", value="OnFailure"), "check-restart"),
        (NIGHTLY, put("metadata", "name", value="n" * 53), "check-name"),
        (NIGHTLY, put("spec", "schedule", value="TZ=UTC @daily"), "check-schedule"),
        (NIGHTLY, put("spec", "schedule", value="* * * * * *"), "check-schedule"),
        (NIGHTLY, put("spec", "timeZone", value="Europe/Nowhere"), "check-schedule"),
        (NIGHTLY, put("spec", "timeZone", value=""), "check-schedule"),
        (NIGHTLY, put("spec", "concurrencyPolicy", value="Queue"), "check-concurrency"),
        (NIGHTLY, put("spec", "startingDeadlineSeconds", value=9), "check-deadline"),
        (NIGHTLY, put("spec", "jobTemplate", *POD, "restartPolicy", value="Always"), "check-restart"),
        (WEB, put(*CONTAINER, "env", 0, "valueFrom", "secretKeyRef", "name", value="gone"), "check-dangling"),
        (WEB, put(*CONTAINER, "envFrom", value=[{"configMapRef": {"name": "gone"}}]), "check-dangling"),
        (WEB, put(*CONTAINER, "envFrom", value=[{"secretRef": {"name": "gone"}}]), "check-dangling"),
        (
            WEB,
            lambda body: pod(body)["volumes"].append({"name": "x", "persistentVolumeClaim": {"claimName": "gone"}}),
            "check-dangling",
        ),
        (WEB, lambda body: pod(body)["volumes"].append({"name": "x", "configMap": {"name": "gone"}}), "check-dangling"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_complaint(identifier: str, edit: Edit, code: str) -> None:
    found = check(spoiled(identifier, edit))

    assert code in {one.code for one in found}
    assert all(one.message.partition(":")[0] for one in found)


def test_size() -> None:
    (config,) = [one for one in GOOD.objects if one.kind == "ConfigMap"]
    for value, complains in (("x" * (1 << 20), False), ("x" * ((1 << 20) + 5), True), ("é" * (1 << 19), False)):
        codes = [one.code for one in check(spoiled(config.id, put("data", "c", value=value)))]

        assert ("check-size" in codes) is complains


def test_what_the_cluster_has_already_is_not_dangling() -> None:
    objects = spoiled(WEB, lambda body: pod(body)["volumes"].append({"name": "x", "secret": {"secretName": "theirs"}}))

    assert [one.code for one in check(objects)] == ["check-dangling"]
    assert check(objects, {"Secret/theirs"}) == ()


def test_envfrom_passes_over_what_is_no_variable() -> None:
    (config,) = [one for one in GOOD.objects if one.kind == "ConfigMap"]
    source = {"configMapRef": {"name": config.name}}
    for data, complains in (({"A": "x"}, False), ({"1ST": "x"}, True)):
        body = {**config.body, "data": data}
        objects = [
            Manifest(one.kind, one.name, one.namespace, body) if one.id == config.id else one
            for one in spoiled(WEB, put(*CONTAINER, "envFrom", value=[source]))
        ]

        assert ("check-env-from" in [one.code for one in check(objects)]) is complains


def test_routes_that_lead_nowhere() -> None:
    found = translated(service(ports=(Port(target=80, published=PortRange("80")),)), options=Options(publish="gateway"))
    without = [each for each in found.objects if each.kind != "Service"]
    unheard = [each for each in found.objects if each.kind != "Gateway"]

    assert "check-backend" in {each.code for each in check(without)}
    assert "check-listener" in {each.code for each in check(unheard)}
