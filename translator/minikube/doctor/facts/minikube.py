"""Minikube, its profiles and its node, as far as known without a start. Parses texts; no I/O."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor.facts.host import numbers
from stackferry.translator.minikube.doctor.facts.unknown import Fact
from stackferry.translator.minikube.profile import Profile

_PORT = 8443
"""The API server's default port."""


@dataclass(frozen=True, slots=True)
class Config:
    """The profile's settings around its machine. `port`: of the API server."""

    host_only_cidr: str = ""
    has_mounts: bool = True
    port: int = _PORT


@dataclass(frozen=True, slots=True)
class Status:
    """The state of each part in the words of `minikube status`; empty if not given."""

    machine: str = ""
    kubelet: str = ""
    api_server: str = ""
    kubeconfig: str = ""


@dataclass(frozen=True, slots=True)
class Minikube:
    """`program`: its path, None if not installed. `has_folder`: the cluster's profile has one, readable or not.

    `has_disc`: an ISO is in the cache, so that no download is needed. `status`: None without a profile.
    """

    program: str | None = None
    version: Fact[str] = ""
    home: str = ""
    profiles: Fact[tuple[Profile, ...]] = ()
    configs: Fact[Mapping[str, Config]] = field(default_factory=dict)
    has_folder: bool = False
    has_disc: bool = False
    status: Fact[Status | None] = None


@dataclass(frozen=True, slots=True)
class Node:
    """A running node. `ahead`: seconds that its clock is ahead of ours; `has_share`: the host's home is there.

    `disk`: how full it is, in percent; `room`: free MiB. `answers`: whether the API server's port can be reached from
    here, None if there is nothing to try. None: the node did not say.
    """

    ahead: float | None = None
    has_share: bool | None = None
    disk: int | None = None
    room: int | None = None
    answers: bool | None = None


def version(text: str) -> str:
    """`v1.38.1` of `version -o json`. Raises ValueError."""
    found = json.loads(text)
    said = str(found.get("minikubeVersion", "")) if isinstance(found, dict) else ""
    if not numbers(said.removeprefix("v")):
        raise ValueError("minikube does not print its version")
    return said


def configs(text: str) -> Mapping[str, Config]:
    """By profile, of `profile list -o json`. Raises ValueError."""
    found = json.loads(text)
    valid = found.get("valid") or () if isinstance(found, dict) else ()
    return {str(one.get("Name", "")): _config(one.get("Config") or {}) for one in valid}


def _config(given: Mapping[str, Any]) -> Config:
    port = given.get("APIServerPort")
    has_mounts = not given.get("DisableDriverMounts")
    return Config(str(given.get("HostOnlyCIDR") or ""), has_mounts, port if isinstance(port, int) else _PORT)


def status(text: str) -> Status:
    """`status -o json`: one object, or a list if there are several nodes, the API server's first.

    Raises ValueError.
    """
    found = json.loads(text)
    if found is None:
        # Minikube answers so if the machine is gone, or in a state that it does not know.
        return Status()
    if isinstance(found, list):
        found = found[0] if found else {}
    if not isinstance(found, dict) or "Host" not in found:
        raise ValueError("minikube does not print the status of the cluster")
    return Status(*(str(found.get(key, "")) for key in ("Host", "Kubelet", "APIServer", "Kubeconfig")))


QUESTION = "date +%s; df -Pm /var/lib/minikube; ls -d {share}; true"
"""Asked on the node, in one go. The last word prevents an error for a missing folder."""


def node(text: str, share: str, asked: float, answered: float) -> Node:
    """The answer to QUESTION, which came between two times of our clock."""
    ahead = disk = room = None
    has_share = False
    for line in text.splitlines():
        words = line.split()
        if ahead is None and line.strip().isdecimal():
            # The node prints whole seconds: half a second less than its time on average.
            ahead = int(line) + 0.5 - (asked + answered) / 2
        elif len(words) >= 6 and words[4].endswith("%") and words[4][:-1].isdecimal():
            disk, room = int(words[4][:-1]), int(words[3]) if words[3].isdecimal() else None
        elif share and line.strip() == share:
            has_share = True
    # A node that did not print its time did not print the rest either.
    return Node(ahead, has_share if ahead is not None and share else None, disk, room)
