"""Where a stack on a cluster is reached: every published port, each of TCP tried with a connection."""

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.translator.cluster.addresses import Address
    from stackferry.translator.cluster.client import KubernetesClient

_PATIENCE = 2.0
"""Seconds that a connection may take."""


def found(client: "KubernetesClient", project: str, namespace: str) -> "list[Address]":
    """The addresses of everything that is published."""
    from stackferry.translator.cluster.addresses import addresses, node_address
    from stackferry.translator.cluster.errors import ClusterError
    from stackferry.translator.cluster.held import listed
    from stackferry.translator.cluster.resources import collection

    services = listed(client, "Service", project, namespace)
    try:
        node = node_address(client.request("GET", collection("Node", None))["items"])
    except ClusterError:
        # Not everybody may look at nodes. The API server is on one of them, as often as not.
        node = urlsplit(client.server).hostname
    return list(addresses(services, node))


def lines(addresses: "Iterable[Address]") -> list[str]:
    """A line for each: its service, where it answers, and whether it does."""
    every = list(addresses)
    with ThreadPoolExecutor(8, thread_name_prefix="urls") as pool:
        answers = list(pool.map(_answer, every))
    width = max((len(one.service) for one in every), default=0)
    return [f"{one.service:<{width}}  {one.url}{answer}" for one, answer in zip(every, answers, strict=True)]


def _answer(one: "Address") -> str:
    if one.protocol != "TCP":
        return f"/{one.protocol.lower()}  (not tried)"
    try:
        socket.create_connection((one.host, one.port), _PATIENCE).close()
    except OSError as error:
        return f"  (does not answer: {error.strerror or error})"
    return ""
