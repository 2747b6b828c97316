"""`doctor --target kube`: checks what a cluster has and allows for the stack here. Checks: translator/cluster."""

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.doctor.asked import Asked
    from stackferry.doctor.check import Check
    from stackferry.grammar.compose.load import Loaded
    from stackferry.session import Session
    from stackferry.translator.cluster.doctor.facts import Asking, Facts
    from stackferry.translator.cluster.doctor.finding import Finding

_KUBELET = 10250
"""A port on which every node listens (the kubelet's), for a test whether nodes can be reached."""
_TRY = 2.0


def checks(session: "Session", asked: "Asked") -> "Iterator[Check]":
    """Check the cluster, for the stack of the compose file here if there is one. Changes nothing."""
    from stackferry.doctor.check import Check
    from stackferry.kube.target import cluster
    from stackferry.translator.cluster.doctor.checks import findings
    from stackferry.translator.cluster.doctor.facts import gather
    from stackferry.translator.cluster.errors import ClusterError

    client = cluster(asked.context, asked.kubeconfig)
    asking = _asking(session, asked, client.namespace)
    try:
        facts = gather(client, asking)
    except ClusterError as error:
        yield Check("cluster", "FAIL", str(error), error.hint)
        return
    yield Check("cluster", "ok", f"{client.context} answers at {client.server}")
    for found in findings(facts, asking):
        yield Check(found.name, found.verdict, found.message, found.hint)
    if (reach := _reach(facts)) is not None:
        yield Check(reach.name, reach.verdict, reach.message, reach.hint)


def _asking(session: "Session", asked: "Asked", usual: str) -> "Asking":
    from stackferry.images.built import builds
    from stackferry.kube.translated import namespace_of
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.translator.cluster.doctor.facts import Asking

    loaded = _stack(session)
    if loaded is None:
        name = session.stack.project_name or ""
        return Asking(name, asked.namespace or (namespace_of(name, TranslationChoice()) if name else usual))
    from dataclasses import replace

    from stackferry.translator import translate

    namespace = namespace_of(loaded.name, TranslationChoice(namespace=asked.namespace))
    options = replace(TranslationChoice(namespace=namespace).options(loaded.origin), copies=True)
    made = translate(loaded.project, session.files, options)
    return Asking(loaded.name, namespace, made.objects, bool(made.copies), tuple(builds(loaded.project)))


def _stack(session: "Session") -> "Loaded | None":
    """The stack of the compose file here; None if there is no file and none was named."""
    from stackferry.grammar.diagnostics import SourceError
    from stackferry.options.stack_options import load_stack

    try:
        return load_stack(session)
    except SourceError as error:
        if session.stack.files or any(one.code != "file-missing" for one in error.diagnostics):
            raise
        return None


def _reach(facts: "Facts") -> "Finding | None":
    """Whether this machine can connect to a node, as clients of node ports do."""
    from stackferry.translator.cluster.addresses import node_address
    from stackferry.translator.cluster.doctor.finding import ok, warn

    address = node_address(facts.nodes or ())
    if address is None:
        return None
    try:
        socket.create_connection((address, _KUBELET), _TRY).close()
    except ConnectionRefusedError:
        pass
    except OSError as error:
        hint = "use --publish loadbalancer, ingress or gateway, or kubectl port-forward, which need no node ports"
        return warn("node ports", f"{address} is not reachable from this machine: {error.strerror or error}", hint)
    return ok("node ports", f"{address} is reachable from this machine")
