"""Which permissions are needed, and whether a server's list of rules grants them."""

from typing import Any

import pytest

from stackferry.translator.cluster.doctor.rights import Right, is_granted, needs
from stackferry.translator.manifest.manifests import Manifest


def texts(*kinds: str, required: bool, copies: bool = False, is_there: bool | None = True) -> set[str]:
    objects = [Manifest(kind, "x", "shop", {}) for kind in kinds]
    found = needs(objects, "shop", copies=copies, is_there=is_there)
    return {str(one.right) for one in found if one.required is required}


def test_every_kind_of_the_stack_is_made_and_removed() -> None:
    required = texts("Deployment", "Role", required=True)

    assert {f"{verb} {kind}" for verb in ("list", "create", "patch", "delete") for kind in ("deployments", "roles")} < (
        required
    )
    assert "list pods" in required
    assert "create secrets" not in required


def test_of_other_kinds_something_may_be_left_over() -> None:
    optional = texts("Deployment", required=False)

    assert {"list ingresses", "delete ingresses", "get pods/log", "list nodes"} < optional
    assert "create ingresses" not in optional


def test_without_a_stack_the_usual_is_asked_for() -> None:
    assert "patch persistentvolumeclaims" in texts(required=True)


def test_copies_go_by_a_pod_of_ours() -> None:
    assert "create pods/exec" in texts("Deployment", required=True, copies=True)
    assert "create pods/exec" not in texts("Deployment", required=True)


@pytest.mark.parametrize(("is_there", "expected"), [(True, False), (None, False), (False, True)])
def test_a_namespace_that_is_not_there_has_to_be_made(is_there: bool | None, expected: bool) -> None:
    assert ("create namespaces" in texts("Deployment", required=True, is_there=is_there)) is expected


ADMIN = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ADMIN, True),
        ({**ADMIN, "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}, True),
        ({**ADMIN, "apiGroups": [""]}, False),
        ({**ADMIN, "resources": ["deployments/scale"]}, False),
        ({**ADMIN, "verbs": ["get"]}, False),
        ({**ADMIN, "resourceNames": ["web"]}, False),
        ({}, False),
    ],
)
def test_rules(rule: dict[str, Any], expected: bool) -> None:
    assert is_granted(Right("list", "apps", "deployments", "shop"), [rule]) is expected


def test_rules_of_a_namespace_say_nothing_of_the_cluster() -> None:
    assert not is_granted(Right("list", "", "nodes", None), [ADMIN])


def test_a_review_of_one_right() -> None:
    assert Right("create", "", "pods/exec", "shop").attributes == {
        "verb": "create",
        "resource": "pods",
        "subresource": "exec",
        "namespace": "shop",
    }
