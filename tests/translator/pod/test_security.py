"""The user and the privileges of a container."""

from typing import Any

import pytest

from tests.translator.making import codes, container, pod, service, translated


@pytest.mark.parametrize(
    ("user", "expected", "noted"),
    [
        ("1000", {"runAsUser": 1000, "runAsNonRoot": True}, []),
        ("1000:1001", {"runAsUser": 1000, "runAsNonRoot": True, "runAsGroup": 1001}, []),
        ("0", {"runAsUser": 0}, []),
        ("root", {"runAsUser": 0}, []),
        (":50", {"runAsGroup": 50}, []),
        ("postgres", None, ["user-name"]),
        ("1000:staff", {"runAsUser": 1000, "runAsNonRoot": True}, ["user-name"]),
        ("99999999999", None, ["user-name"]),
        ("1²", None, ["user-name"]),
    ],
)
def test_user(user: str, expected: dict[str, int] | None, noted: list[str]) -> None:
    found = translated(service(user=user))

    assert container(found).get("securityContext") == expected
    assert codes(found) == noted


def test_capabilities_as_kubernetes_writes_them() -> None:
    found = translated(service(cap_add=("net_admin", "CAP_SYS_ADMIN", "NET_ADMIN"), cap_drop=("all",)))

    assert container(found)["securityContext"]["capabilities"] == {"add": ["NET_ADMIN", "SYS_ADMIN"], "drop": ["ALL"]}


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("no-new-privileges", {"allowPrivilegeEscalation": False}),
        ("no-new-privileges:true", {"allowPrivilegeEscalation": False}),
        ("no-new-privileges=true", {"allowPrivilegeEscalation": False}),
        ("no-new-privileges:false", None),
        ("seccomp:unconfined", {"seccompProfile": {"type": "Unconfined"}}),
        ("seccomp=builtin", {"seccompProfile": {"type": "RuntimeDefault"}}),
        ("apparmor:unconfined", {"appArmorProfile": {"type": "Unconfined"}}),
        ("apparmor=docker-default", None),
        ("label=type:container_t", {"seLinuxOptions": {"type": "container_t"}}),
    ],
)
def test_security_option(option: str, expected: dict[str, Any] | None) -> None:
    found = translated(service(security_opt=(option,)))

    assert container(found).get("securityContext") == expected
    assert codes(found) == []


@pytest.mark.parametrize(
    "option", ["seccomp=./mine.json", "label:disable", "systempaths=unconfined", "made-up", "apparmor=x", ""]
)
def test_option_that_is_not_in_force_is_told(option: str) -> None:
    found = translated(service(security_opt=(option,)))

    assert "securityContext" not in container(found)
    assert codes(found) == ["security-option"]


@pytest.mark.parametrize("name", ["", "CAP_", "CAP_CAP_X", "no capability", "-"])
def test_what_is_no_capability_is_left_out_and_told(name: str) -> None:
    found = translated(service(cap_add=("NET_ADMIN", name), cap_drop=(name,)))

    assert container(found)["securityContext"]["capabilities"] == {"add": ["NET_ADMIN"]}
    assert codes(found) == ["capability", "capability"]


def test_kubernetes_refuses_privileged_without_escalation() -> None:
    found = translated(service(privileged=True, security_opt=("no-new-privileges",)))

    assert container(found)["securityContext"] == {"privileged": True}
    assert codes(found) == ["security-option"]


def test_groups() -> None:
    found = translated(service(group_add=("50", "video")))

    assert pod(found)["securityContext"]["supplementalGroups"] == [50]
    assert codes(found) == ["group-name"]


def test_read_only() -> None:
    assert container(translated(service(read_only=True)))["securityContext"] == {"readOnlyRootFilesystem": True}


DEFAULT = {"seccompProfile": {"type": "RuntimeDefault"}}


@pytest.mark.parametrize(
    ("keys", "of_pod", "of_container"),
    [
        ({}, DEFAULT, None),
        ({"security_opt": ("seccomp=unconfined",)}, DEFAULT, {"type": "Unconfined"}),
        ({"security_opt": ("seccomp=./mine.json",)}, DEFAULT, None),
        ({"privileged": True}, None, None),
    ],
    ids=["nothing", "unconfined", "a file", "privileged"],
)
def test_what_docker_keeps_every_container_from(keys: dict[str, Any], of_pod: Any, of_container: Any) -> None:
    found = translated(service(**keys))

    assert pod(found).get("securityContext") == of_pod
    assert container(found).get("securityContext", {}).get("seccompProfile") == of_container
