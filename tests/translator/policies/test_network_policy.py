"""Which pods may connect, by our own evaluator: as in compose, and published ports from everywhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.grammar.compose.model.attachments import Dependency, Port
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.resources import Network
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import Options, Translation
from stackferry.translator.manifest.manifests import Manifest
from tests.translator.making import body_of, ids, note, service, translated

NETWORKS = {"front": Network(), "back": Network(internal=True), "third": Network()}
OUTSIDE: Mapping[str, str] = {}
"""The labels of whoever is no pod of the stack."""


def policed(*services: Service, **rest: Any) -> Translation:
    return translated(*services, options=Options(network_policies=True), networks=NETWORKS, **rest)


def labels(found: Translation, name: str) -> Mapping[str, str]:
    held: Mapping[str, str] = body_of(found, f"Deployment/{name}")["spec"]["template"]["metadata"]["labels"]
    return held


def picked(selector: Mapping[str, Any], pod: Mapping[str, str]) -> bool:
    return pod is not OUTSIDE and selector.get("matchLabels", {}).items() <= pod.items()


def peers(rule: Mapping[str, Any], key: str, pod: Mapping[str, str]) -> bool:
    """Whether a rule is about a pod of our namespace, or about somebody outside."""
    if key not in rule:
        return True
    return any("podSelector" in peer and picked(peer["podSelector"], pod) for peer in rule[key])


def reaches(found: Translation, source: Mapping[str, str], target: Mapping[str, str], port: int) -> bool:
    """What the documentation of NetworkPolicy says: isolated in a direction by any policy, then allowed by any rule."""
    for kind, subject, other, key in (("Ingress", target, source, "from"), ("Egress", source, target, "to")):
        policies = [
            each.body["spec"]
            for each in found.objects
            if each.kind == "NetworkPolicy"
            and kind in each.body["spec"]["policyTypes"]
            and picked(each.body["spec"]["podSelector"], subject)
        ]
        rules = [rule for policy in policies for rule in policy.get(kind.lower(), ())]
        if policies and not any(
            peers(rule, key, other) and ("ports" not in rule or port in [each["port"] for each in rule["ports"]])
            for rule in rules
        ):
            return False
    return True


@st.composite
def projects(draw: st.DrawFn) -> list[Service]:
    def made(name: str) -> Service:
        if draw(st.integers(0, 5)) == 0:
            return service(name, network_mode="none")
        networks = draw(st.sets(st.sampled_from(sorted(NETWORKS)), min_size=1))
        ports = (Port(target=8080),) if draw(st.booleans()) else ()
        return service(name, networks=dict.fromkeys(sorted(networks)), ports=ports)

    return [made(name) for name in ("a", "b", "c")]


@given(projects())
@settings(max_examples=50, deadline=None)
def test_as_compose_has_it(services: list[Service]) -> None:
    found = policed(*services)
    for source in services:
        for target in services:
            if source is target or source.network_mode == "none":
                continue
            shared = source.networks.keys() & target.networks.keys()
            inside = all(NETWORKS[key].internal for key in source.networks)
            assert reaches(found, labels(found, source.name), labels(found, target.name), 5432) is bool(shared)
            # A published port is reached by way of the node, which an internal network does not lead to.
            published = bool(target.ports) and not inside
            assert reaches(found, labels(found, source.name), labels(found, target.name), 8080) is (
                bool(shared) or published
            )
    for each in services:
        assert reaches(found, OUTSIDE, labels(found, each.name), 8080) is bool(each.ports)
        free = any(not NETWORKS[key].internal for key in each.networks)
        assert reaches(found, labels(found, each.name), OUTSIDE, 443) is free


def test_a_pod_without_a_network_reaches_nobody() -> None:
    found = policed(service(network_mode="none"), service("db"))

    assert not reaches(found, labels(found, "web"), labels(found, "db"), 80)
    assert not reaches(found, labels(found, "db"), labels(found, "web"), 80)


def test_ports_of_the_node_stay_open() -> None:
    found = policed(service(ports=(Port(target=80, published=PortRange("81"), mode="host"),)), service("db"))

    assert reaches(found, OUTSIDE, labels(found, "web"), 80)
    assert not reaches(found, OUTSIDE, labels(found, "db"), 80)


def test_whoever_waits_for_a_job_asks_the_api_server() -> None:
    waits = {"job": Dependency(condition="service_completed_successfully")}
    found = policed(service(networks={"back": None}, depends_on=waits), service("job", networks={"back": None}))

    assert len(body_of(found, "NetworkPolicy/internal-web")["spec"]["egress"]) == 3
    assert len(body_of(found, "NetworkPolicy/internal-job")["spec"]["egress"]) == 2
    assert note(found, "internal-wait").path == ("services", "web", "depends_on")


@pytest.mark.parametrize("external", [True, False])
def test_other_stacks_are_on_an_external_network(external: bool) -> None:
    networks = {"proxy": Network(name="shared_proxy", external=external)}
    found = translated(service(networks={"proxy": None}), options=Options(network_policies=True), networks=networks)
    (rule,) = body_of(found, "NetworkPolicy/network-proxy")["spec"]["ingress"]

    assert ("namespaceSelector" in rule["from"][0]) is external
    assert f"stackferry/network-{'shared-proxy' if external else 'proxy'}" in labels(found, "web")


def test_nothing_without_the_option() -> None:
    found = translated(service(networks={"front": None}), networks=NETWORKS)

    assert not [each for each in ids(found.objects) if each.startswith("NetworkPolicy/")]


def test_a_namespace_that_somebody_has_closed_is_open_to_the_stack() -> None:
    """Policies add up: what theirs does not allow, ours does, as far as compose would."""
    found = policed(service(networks={"front": None}), service("db", networks={"back": None}))
    theirs = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    closed = replace(found, objects=(*found.objects, Manifest("NetworkPolicy", "default-deny", None, {"spec": theirs})))

    assert reaches(closed, labels(found, "web"), OUTSIDE, 443)
    assert not reaches(closed, labels(found, "db"), OUTSIDE, 443)
    assert not reaches(closed, OUTSIDE, labels(found, "db"), 5432)
