"""The client for a cluster, chosen by a context of the kubeconfig. The only module that imports `kubernetes`.

All other modules call `Client.request` and get plain values; an unsuccessful answer raises `ClusterError`.
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
    """What the rest of the package needs of a cluster."""

    @property
    def namespace(self) -> str:
        """The namespace of the context."""

    @property
    def server(self) -> str:
        """The URL of the API server."""

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        """The answer to one request: parsed if it is JSON, else text. Raises ClusterError."""


class KubernetesClient:
    """A client with an authenticated connection."""

    def __init__(self, connection: Connection, namespace: str, context: str) -> None:
        self._connection = connection
        self.namespace = namespace
        self.context = context

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._connection.server

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        """Send one request; `what` names it in an error."""
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
        """Open a WebSocket for a path with its query, to talk to a program in a pod. Raises ClusterError."""
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
    """The cluster of a context. Raises ClusterError if the kubeconfig does not have it or is unusable."""
    known = accesses(kubeconfig)
    if context not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ClusterError(f"the kubeconfig has no context {context!r}", f"it has: {listed}")
    access = known[context]
    return KubernetesClient(direct(access) or _by_library(access, kubeconfig), access.namespace, context)


def _by_library(access: Access, kubeconfig: str | None) -> Connection:
    """A connection by the official library, which knows every way to log in."""
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
        # Login plug-ins raise whatever they like: the library has no common base class for its errors.
        raise ClusterError(
            f"the context {access.context} cannot be used: {error}", "try it with kubectl, which may say more"
        ) from error

    def login() -> Mapping[str, str]:
        # This renews a token that is about to expire.
        known = api.configuration.auth_settings().values()
        return {one["key"]: one["value"] for one in known if one.get("in") == "header" and one.get("value")}

    # All versions of the library use a pool of urllib3's.
    server = str(api.configuration.host)
    return Connection(server, Pooled(server, api.rest_client.pool_manager), login)


def together(calls: Iterable[Any]) -> list[Any]:
    """Run calls concurrently; gives their results in order. The first error is raised once all have ended."""
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="cluster") as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def _parsed(body: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(body or "{}")
    except ValueError:
        return {"message": str(body)[:500]}
    return found if isinstance(found, dict) else {}
