"""A cluster as the rest asks it, by a context of the kubeconfig. The only module that knows of `kubernetes`.

Everything else asks by `Client.request` and gets plain values; an answer that is no success is a `ClusterError`.
"""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from stackferry.translator.cluster.connection import AT_A_TIME, Connection, direct
from stackferry.translator.cluster.errors import ClusterError, refusal
from stackferry.translator.cluster.kubeconfig import Access, accesses
from stackferry.translator.cluster.transport import Pooled
from stackferry.translator.cluster.websocket import NOISE, WebSocket, opened

APPLY = "application/apply-patch+yaml"

Answer = dict[str, Any]


class Client(Protocol):
    """What the rest of the room needs of a cluster."""

    @property
    def namespace(self) -> str:
        """The namespace of the context."""

    @property
    def server(self) -> str:
        """The URL of the API server."""

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        """The answer to one request: parsed, or text where it is none of JSON. Raises ClusterError."""


class KubernetesClient:
    """By a connection that is logged in."""

    def __init__(self, connection: Connection, namespace: str, context: str) -> None:
        self._connection = connection
        self.namespace = namespace
        self.context = context

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._connection.server

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        """One request; `what` says in an error what was asked for."""
        headers = {"Accept": "application/json", **self._connection.login()}
        if body is not None:
            headers["Content-Type"] = form or "application/json"
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        target = f"{path}?{urlencode(query)}" if query else path
        try:
            answered = self._connection.transport.send(method, target, headers, data)
        except OSError as error:
            raise self._away(error) from error
        text = answered.data.decode("utf-8", "replace")
        if answered.status >= 300:
            raise refusal(what or f"{method} {path}", answered.status, _parsed(text))
        return json.loads(text) if "json" in answered.form else text

    def line(self, target: str, protocol: str, what: str) -> WebSocket:
        """A WebSocket about a path with its query, to speak to a program in a pod. Raises ClusterError."""
        host = self.server.partition("://")[2].partition("/")[0]
        base = urlsplit(self.server).path.rstrip("/")
        try:
            socket = self._connection.transport.socket()
            return opened(socket, host, f"{base}{target}", self._connection.login(), protocol, what, NOISE)
        except OSError as error:
            raise self._away(error) from error

    def _away(self, error: OSError) -> ClusterError:
        return ClusterError(
            f"the cluster of context {self.context} does not respond at {self.server}: {error}",
            "check that the cluster is running and reachable from this machine",
        )


def connect(context: str, kubeconfig: str | None) -> KubernetesClient:
    """The cluster of a context. Raises ClusterError where the kubeconfig does not have it, or cannot be used."""
    known = accesses(kubeconfig)
    if context not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ClusterError(f"the kubeconfig has no context {context!r}", f"it has: {listed}")
    access = known[context]
    return KubernetesClient(direct(access) or _by_library(access, kubeconfig), access.namespace, context)


def _by_library(access: Access, kubeconfig: str | None) -> Connection:
    """By the official library, which knows every way to log in."""
    try:
        from kubernetes import config
    except ImportError as error:
        raise ClusterError(
            f"the context {access.context} needs the package kubernetes to log in, which is not installed",
            "install it: pip install 'stackferry[cluster]'",
        ) from error
    try:
        api = config.new_client_from_config(config_file=kubeconfig, context=access.context, persist_config=False)
    except Exception as error:
        # Whatever a plug-in that logs in raises: the library has no root for its errors.
        raise ClusterError(
            f"the context {access.context} cannot be used: {error}", "try it with kubectl, which may say more"
        ) from error

    def login() -> Mapping[str, str]:
        # A token that is about to expire is fetched anew.
        known = api.configuration.auth_settings().values()
        return {one["key"]: one["value"] for one in known if one.get("in") == "header" and one.get("value")}

    # What it connects by is urllib3's in all of its versions.
    server = str(api.configuration.host)
    return Connection(server, Pooled(server, api.rest_client.pool_manager), login)


def together(calls: Iterable[Any]) -> list[Any]:
    """The results of calls that are made at the same time, in their order; the first error is raised at the end."""
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="cluster") as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def _parsed(body: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(body or "{}")
    except ValueError:
        return {"message": str(body)[:500]}
    return found if isinstance(found, dict) else {}
