"""A NetworkPolicy engine for the tests' node, whose network has none: iptables rules for one namespace.

A thread polls pods and policies. A pod that a policy selects receives, or sends, only what a rule allows; replies pass,
and the node itself reaches every pod, as with any engine.
"""

import ipaddress
import subprocess
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Self

from tests.cluster.kube import Kube
from tests.cluster.server import Object, Server

CHAIN = "SF-POLICIES"
_LOOK = 0.2
_SIDES = {"Ingress": ("-d", "-s", "from"), "Egress": ("-s", "-d", "to")}
"""Of each direction: how iptables names the pod and its peer, and the key of the peers."""


class PolicyEngine:
    """In force between `with` and its end."""

    def __init__(self, kube: Kube) -> None:
        self.namespace = kube.namespace
        self.server = Server(kube.cluster)
        init = (kube.cluster.run / "pid" / "init").read_text("utf-8").strip()
        self.enter = ["nsenter", "-t", init, "-n"]
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.rules = ""

    def __enter__(self) -> Self:
        self._restore(f":{CHAIN} - [0:0]\n")
        for chain in ("FORWARD", "INPUT"):
            self._iptables("-I", chain, "1", "-j", CHAIN)
        self._look()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.thread.join()
        for chain in ("FORWARD", "INPUT"):
            self._iptables("-D", chain, "-j", CHAIN)
        for word in ("-F", "-X"):
            self._iptables(word, CHAIN)
        self.server.close()

    def _run(self) -> None:
        while not self.end.wait(_LOOK):
            self._look()

    def _look(self) -> None:
        pods = self._each("/api/v1/pods")
        namespaces = {one["metadata"]["name"]: _labels(one) for one in self._each("/api/v1/namespaces")}
        policies = self._each(f"/apis/networking.k8s.io/v1/namespaces/{self.namespace}/networkpolicies")
        found = "".join(f"{line}\n" for line in self._lines(pods, namespaces, policies))
        if found != self.rules:
            self._restore(f":{CHAIN} - [0:0]\n-F {CHAIN}\n{found}")
            self.rules = found

    def _lines(
        self, pods: list[Object], namespaces: Mapping[str, Mapping[str, str]], policies: list[Object]
    ) -> Iterator[str]:
        yield f"-A {CHAIN} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
        for pod in pods:
            address = pod["status"].get("podIP")
            if not address or pod["metadata"]["namespace"] != self.namespace or pod["spec"].get("hostNetwork"):
                continue
            for direction, (mine, theirs, key) in _SIDES.items():
                chosen = [one["spec"] for one in policies if direction in one["spec"]["policyTypes"]]
                chosen = [spec for spec in chosen if _picked(spec["podSelector"], _labels(pod))]
                if not chosen:
                    continue
                # Marked where a rule allows it: what the pod's other side says comes after.
                yield f"-A {CHAIN} -j MARK --set-xmark 0x0/0x100000"
                for rule in (rule for spec in chosen for rule in spec.get(direction.lower(), ())):
                    for peer in self._peers(rule.get(key), pods, namespaces):
                        for port in _ports(rule.get("ports"), pod):
                            words = f"{mine} {address} {theirs + ' ' + peer if peer else ''} {port}"
                            yield f"-A {CHAIN} {words} -j MARK --set-xmark 0x100000/0x100000"
                yield f"-A {CHAIN} {mine} {address} -m mark ! --mark 0x100000/0x100000 -j REJECT"

    def _peers(
        self, peers: list[Object] | None, pods: list[Object], namespaces: Mapping[str, Mapping[str, str]]
    ) -> Iterator[str]:
        """Addresses; an empty text is everybody."""
        if not peers:
            yield ""
            return
        for peer in peers:
            if "ipBlock" in peer:
                yield str(ipaddress.ip_network(peer["ipBlock"]["cidr"]))
                continue
            for pod in pods:
                place = pod["metadata"]["namespace"]
                near = place == self.namespace
                inside = (
                    _picked(peer["namespaceSelector"], namespaces.get(place, {}))
                    if "namespaceSelector" in peer
                    else near
                )
                if inside and _picked(peer.get("podSelector") or {}, _labels(pod)) and pod["status"].get("podIP"):
                    yield pod["status"]["podIP"]

    def _each(self, path: str) -> list[Object]:
        found: list[Object] = self.server.request("GET", path).body.get("items", [])
        return found

    def _restore(self, lines: str) -> None:
        words = [*self.enter, "iptables-restore", "--noflush"]
        subprocess.run(words, input=f"*filter\n{lines}COMMIT\n", text=True, check=True, capture_output=True)

    def _iptables(self, *words: str) -> None:
        subprocess.run([*self.enter, "iptables", *words], check=True, capture_output=True)


def _labels(body: Object) -> Mapping[str, str]:
    found: Mapping[str, str] = body["metadata"].get("labels") or {}
    return found


def _picked(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    assert not selector.get("matchExpressions"), "no stack of the tests has any"
    return (selector.get("matchLabels") or {}).items() <= labels.items()


def _ports(ports: list[Object] | None, pod: Object) -> Iterator[str]:
    if not ports:
        yield ""
        return
    for port in ports:
        protocol = port.get("protocol", "TCP").lower()
        yield f"-p {protocol} --dport {port['port']}" if "port" in port else f"-p {protocol}"
