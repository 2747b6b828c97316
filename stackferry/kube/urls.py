"""Finds the addresses of a stack's published ports on a cluster, and probes TCP ports with a connection."""

import shlex
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.translator.cluster.addresses import Address
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.services.doors import Door

SOON = 10.0
"""Seconds until a stack that has just been brought up must answer."""
_TRY = 2.0
"""Seconds that one connection may take."""
_AGAIN = 0.25


def found(client: "KubernetesClient", project: str, namespace: str) -> "list[Address]":
    """The addresses of all published ports."""
    from stackferry.translator.cluster.addresses import addresses, node_address
    from stackferry.translator.cluster.errors import ClusterError
    from stackferry.translator.cluster.held import listed
    from stackferry.translator.cluster.resources import collection

    services = listed(client, "Service", project, namespace)
    try:
        node = node_address(client.request("GET", collection("Node", None))["items"])
    except ClusterError:
        # Not every user may read nodes. The API server is often on one of them.
        node = urlsplit(client.server).hostname
    return list(addresses(services, node))


def lines(addresses: "Iterable[Address]", patience: float = 0.0) -> list[str]:
    """A line per address: its service, the address, and whether it answers within `patience` seconds.

    Ready pods can be reached a moment later, when every node has learned about them.
    """
    every = list(addresses)
    with ThreadPoolExecutor(8, thread_name_prefix="urls") as pool:
        end = time.monotonic() + patience
        answers = list(pool.map(partial(_answer, end=end), every))
    width = max((len(one.service) for one in every), default=0)
    return [f"{one.service:<{width}}  {one.url}{answer}" for one, answer in zip(every, answers, strict=True)]


def forwards(doors: "Iterable[Door]", context: str) -> list[str]:
    """Commands that forward ports which are published on the loopback only; each must keep running."""
    kubectl = "kubectl "
    ours = f"kubectl --context {shlex.quote(context)} "
    return [
        str(replace(one, text=ours + one.text.removeprefix(kubectl))) for one in doors if one.text.startswith(kubectl)
    ]


def _answer(address: "Address", end: float) -> str:
    if address.protocol != "TCP":
        return f"/{address.protocol.lower()}  (not tried)"
    while True:
        try:
            socket.create_connection((address.host, address.port), _TRY).close()
        except OSError as error:
            if time.monotonic() >= end:
                return f"  (does not answer: {error.strerror or error})"
            time.sleep(_AGAIN)
        else:
            return ""
