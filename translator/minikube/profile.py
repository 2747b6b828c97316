"""A minikube profile: the settings with which its machine was created. Pure; parses `profile list -o json`.

A profile is one cluster: its name is that of the machine, of the node, and of the context in the kubeconfig.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.minikube.size import Size
from stackferry.translator.options import NODE_PORTS

VALID = regex(r"[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?")
"""Minikube's pattern for names: a name becomes the node's."""
_RANGE = "service-node-port-range"


@dataclass(frozen=True, slots=True)
class Profile:
    """`address` is the node's, empty if its machine has never run; `kubernetes`, `runtime`: as minikube spells them."""

    name: str
    driver: str
    size: Size = field(default_factory=Size)
    runtime: str = ""
    kubernetes: str = ""
    node_ports: range = NODE_PORTS
    address: str = ""
    is_usable: bool = True


def profiles(text: str) -> tuple[Profile, ...]:
    """The profiles in the output of `minikube profile list -o json`; none if it cannot be parsed."""
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    if not isinstance(found, dict):
        return ()
    valid = (_profile(one, is_usable=True) for one in found.get("valid") or ())
    invalid = (_profile(one, is_usable=False) for one in found.get("invalid") or ())
    return (*valid, *invalid)


def _profile(body: Mapping[str, Any], *, is_usable: bool) -> Profile:
    config = body.get("Config") or {}
    kubernetes = config.get("KubernetesConfig") or {}
    nodes = config.get("Nodes") or [{}]
    size = Size(config.get("CPUs"), config.get("Memory"), config.get("DiskSize"))
    return Profile(
        str(body.get("Name", "")),
        str(config.get("Driver", "")),
        size,
        str(kubernetes.get("ContainerRuntime", "")),
        str(kubernetes.get("KubernetesVersion", "")),
        _node_ports(kubernetes.get("ExtraOptions") or ()),
        str(nodes[0].get("IP", "")),
        is_usable,
    )


def _node_ports(options: Any) -> range:
    for option in options:
        if option.get("Component") == "apiserver" and option.get("Key") == _RANGE:
            first, _, last = str(option.get("Value", "")).partition("-")
            if first.isdigit() and last.isdigit():
                return range(int(first), int(last) + 1)
    return NODE_PORTS


@dataclass(frozen=True, slots=True)
class Status:
    """The output of `minikube status -o json`.

    `machine` is its state (`Running`, `Stopped`, `Paused`), empty if it is gone. `is_serving`: Kubernetes runs.
    `is_known`: the kubeconfig has its address.
    """

    machine: str = ""
    is_serving: bool = False
    is_known: bool = False

    @property
    def is_off(self) -> bool:
        """Whether nothing runs on the machine any more. A paused machine resumes with what it had."""
        return self.machine == "Stopped"


HANGS = "Unknown"
"""The state of a machine about which minikube does not answer: it waits for minutes for an absent machine."""
_SERVING = {"Host": "Running", "Kubelet": "Running", "APIServer": "Running"}


def status(text: str) -> Status:
    """From its output, which has another form for a profile that does not exist."""
    found = _status(text)
    is_serving = all(found.get(key) == value for key, value in _SERVING.items())
    return Status(found.get("Host", ""), is_serving, found.get("Kubeconfig") == "Configured")


def _status(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if isinstance(found, list):
        # Several nodes: the first is the one with the API server.
        found = found[0] if found else {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def home(environment: Mapping[str, str]) -> Path:
    """Minikube's own folder, found as minikube does."""
    given = environment.get("MINIKUBE_HOME") or environment.get("HOME") or os.path.expanduser("~")
    return Path(given) if Path(given).name == ".minikube" else Path(given) / ".minikube"


def folder(environment: Mapping[str, str], name: str) -> Path:
    """The folder of a profile, which minikube removes when it deletes the cluster."""
    return home(environment) / "profiles" / name
