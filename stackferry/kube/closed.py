"""Reports NetworkPolicies of others that cut off a stack's workloads, before `kube up` waits for these in vain."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from stackferry.kube.translated import Translated
    from stackferry.session import Session
    from stackferry.translator.cluster.client import Client
    from stackferry.translator.cluster.isolation import CutOff

HINT = "use --network-policies to add policies that allow the traffic that compose allows"


def closed(session: "Session", client: "Client", made: "Translated", *, tell: bool) -> dict[str, str]:
    """The workloads that foreign NetworkPolicies cut off, by id, with how and a hint. With `tell`, report them."""
    found = list(_cut_off(client, made))
    keys = {name: key for key, name in made.translation.naming.services.items()}
    for cut_off in found if tell else ():
        key = keys.get(cut_off.service, cut_off.service)
        span = made.loaded.origin(("services", key))
        message = f"services.{key}: {cut_off}"
        session.report([Diagnostic("kubernetes-closed-network", Severity.WARNING, message, span, HINT)])
    return {one.id: f"{one}; {HINT}" for one in found}


def _cut_off(client: "Client", made: "Translated") -> "list[CutOff]":
    from stackferry.translator.cluster.errors import ClusterError
    from stackferry.translator.cluster.isolation import cut_off
    from stackferry.translator.cluster.resources import collection

    try:
        policies = client.request("GET", collection("NetworkPolicy", made.namespace))["items"]
    except ClusterError as error:
        if error.status not in (403, 404):
            raise
        return []
    return list(cut_off(policies, made.translation.objects, made.translation.project.name))
