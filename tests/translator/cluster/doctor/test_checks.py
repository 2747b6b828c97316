"""Findings about made-up clusters."""

from dataclasses import replace
from typing import Any

import pytest

from stackferry.translator.cluster.doctor.checks import CHECKS, findings
from stackferry.translator.cluster.doctor.facts import Asking, Facts
from stackferry.translator.cluster.doctor.rights import Need, Right
from stackferry.translator.cluster.provisioners import StorageClass
from stackferry.translator.manifest.manifests import Manifest

STANDARD = StorageClass("standard", "k8s.io/minikube-hostpath", True, False)
DISK = StorageClass("gp3", "ebs.csi.aws.com", True, True)


def node(ready: str = "True") -> dict[str, Any]:
    return {"metadata": {"name": "n"}, "status": {"conditions": [{"type": "Ready", "status": ready}]}}


def policy(selector: dict[str, Any], *types: str, name: str = "deny") -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"podSelector": selector, "policyTypes": list(types)}}


WELL = Facts("v1.34.4", True, {}, (), (STANDARD,), (node(),), (), (), ())


def workload(name: str, claim: str = "") -> Manifest:
    pod: dict[str, Any] = {"volumes": [{"persistentVolumeClaim": {"claimName": claim}}] if claim else []}
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": "shop"}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return Manifest("Deployment", name, "shop", {"kind": "Deployment", "spec": {"template": template}})


CLAIM = Manifest("PersistentVolumeClaim", "data", "shop", {"spec": {}})
SHOP = Asking("shop", "shop", (CLAIM, workload("web", "data"), workload("worker", "data")))
NOTHING = Asking("", "team")


def said(facts: Facts, asking: Asking = SHOP) -> dict[str, tuple[str, str]]:
    """What is not ok, by check: the verdict, and the message with its hint."""
    found = [one for one in findings(facts, asking) if one.verdict != "ok"]
    return {one.name: (one.verdict, f"{one.message} ({one.hint})") for one in found}


def test_all_is_well() -> None:
    assert said(WELL) == {}
    assert said(WELL, NOTHING) == {}
    assert len(list(findings(WELL, SHOP))) == len(CHECKS) - 1, "nothing is built"


@pytest.mark.parametrize(
    ("facts", "asking", "check", "verdict", "text"),
    [
        (replace(WELL, version="v1.12.0"), SHOP, "version", "warn", "manifests are made for 1.30 to"),
        (replace(WELL, version=""), SHOP, "version", "warn", "unknown"),
        (replace(WELL, nodes=None), SHOP, "nodes", "warn", "you are not allowed to list nodes"),
        (replace(WELL, nodes=(node("False"), node("Unknown"))), SHOP, "nodes", "FAIL", "0 of 2 ready"),
        (replace(WELL, classes=None), SHOP, "storage", "warn", "you are not allowed to list StorageClasses"),
        (replace(WELL, classes=()), SHOP, "storage", "FAIL", "no StorageClass is the default (available: none)"),
        (replace(WELL, classes=()), replace(SHOP, objects=(workload("web"),)), "storage", "warn", "no StorageClass"),
        (
            replace(WELL, classes=(DISK,), nodes=(node(), node())),
            SHOP,
            "storage",
            "warn",
            ("data is mounted by Deployment/web, Deployment/worker, gp3 attaches it to one node at a"
            " time, and there are 2"),
        ),
        (
            replace(WELL, refused={"Deployment/web": 'violates PodSecurity "restricted:latest"'}),
            SHOP,
            "pods",
            "FAIL",
            'Deployment/web: violates PodSecurity "restricted:latest" (change the service',
        ),
        (replace(WELL, policies=None), SHOP, "network", "warn", "you are not allowed to list NetworkPolicies"),
        (
            replace(WELL, policies=(policy({}, "Ingress"),)),
            SHOP,
            "network",
            "FAIL",
            ("Deployment/worker: nothing can reach it, because of NetworkPolicy/deny in the namespace"
            " (use --network-policies"),
        ),
        (replace(WELL, policies=(policy({}, "Egress"),)), NOTHING, "network", "warn", "selects every pod in team"),
        (replace(WELL, quotas=None), SHOP, "quotas", "warn", "you are not allowed to list ResourceQuotas"),
        (WELL, replace(SHOP, builds=("web",)), "images", "warn", "web: built here (push them with --registry"),
    ],
)  # fmt: skip
def test_what_is_found(facts: Facts, asking: Asking, check: str, verdict: str, text: str) -> None:
    found = said(facts, asking)

    assert list(found) == [check]
    assert found[check][0] == verdict
    assert text in found[check][1]


def test_a_policy_that_picks_others_only_is_none_of_ours() -> None:
    other = policy({"matchLabels": {"app": "other"}}, "Ingress", "Egress")

    assert said(replace(WELL, policies=(other,))) == {}


def need(verb: str, resource: str, *, required: bool) -> Need:
    return Need(Right(verb, "", resource, "shop"), required, "it stays" if not required else "the stack has it")


def test_rights_are_told_together() -> None:
    missing = (
        need("create", "secrets", required=True),
        need("patch", "secrets", required=True),
        need("list", "roles", required=False),
    )

    found = [one for one in findings(replace(WELL, missing=missing), SHOP) if one.name == "rights"]

    assert [(one.verdict, one.message) for one in found] == [
        ("FAIL", "you are not allowed to create, patch secrets: the stack has it"),
        ("warn", "you are not allowed to list roles: it stays"),
    ]
    assert "ClusterRole edit in shop" in found[0].hint
