"""The API server over one HTTPS connection, for hundreds of requests per second that kubectl would make."""

import http.client
import json
import re
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.cluster.session import Cluster

Object = dict[str, Any]
_WARNING = re.compile(r'^299 \S+ "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: status, body, and its warnings, which kubectl shows to the user."""

    status: int
    body: Object
    warnings: tuple[str, ...] = ()

    @property
    def refusal(self) -> str | None:
        """Why it was refused, or None."""
        return str(self.body.get("message", self.status)) if self.status >= 300 else None


class Server:
    """A connection to the API server of a cluster, as its administrator."""

    def __init__(self, cluster: Cluster) -> None:
        pki = cluster.run / "pki"
        self._context = ssl.create_default_context(cafile=str(pki / "ca.crt"))
        self._context.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        self._address = cluster.address
        self._connection: http.client.HTTPSConnection | None = None
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def request(self, method: str, path: str, body: Any = None, **query: str) -> Answer:
        """One request; an answer that is not JSON is the value of `text`."""
        form = "application/apply-patch+yaml" if method == "PATCH" else "application/json"
        # As kubectl writes it: what is no ASCII stays as it is, also what YAML does not take.
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        target = f"{path}?{urlencode(query)}" if query else path
        for last in (False, True):
            try:
                if self._connection is None:
                    host, port = self._address
                    self._connection = http.client.HTTPSConnection(host, port, context=self._context, timeout=120)
                self._connection.request(method, target, data, {"Content-Type": form, "Accept": "application/json"})
                answer = self._connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
                break
            except (http.client.HTTPException, ConnectionError):
                # The server closes connections that rest.
                self.close()
                if last:
                    raise
        warnings = tuple(
            found[1].replace('\\"', '"')
            for one in answer.headers.get_all("Warning", [])
            if (found := _WARNING.match(one))
        )
        is_json = (answer.headers.get("Content-Type") or "").startswith("application/json")
        return Answer(answer.status, json.loads(text) if is_json else {"text": text}, warnings)

    def path(self, body: Object, namespace: str) -> str:
        """Where an object is. Raises `LookupError` where the server knows no such kind."""
        version, kind = body["apiVersion"], body["kind"]
        plural, namespaced = self.kinds(version)[kind]
        inside = f"/namespaces/{body['metadata'].get('namespace') or namespace}" if namespaced else ""
        return f"{self.root(version)}{inside}/{plural}/{body['metadata']['name']}"

    @staticmethod
    def root(version: str) -> str:
        return f"/apis/{version}" if "/" in version else f"/api/{version}"

    def kinds(self, version: str) -> dict[str, tuple[str, bool]]:
        """The kinds of an API version: the plural of each, and whether it is namespaced."""
        if version not in self._kinds:
            resources = self.request("GET", self.root(version)).body.get("resources", [])
            self._kinds[version] = {
                one["kind"]: (one["name"], one["namespaced"]) for one in resources if "/" not in one["name"]
            }
        return self._kinds[version]

    def apply(self, body: Object, namespace: str, dry_run: bool = False) -> Answer:
        """Server-side, as `kubectl apply --server-side --validate=strict`."""
        query = {"fieldManager": "stackferry", "force": "true", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        return self.request("PATCH", self.path(body, namespace), body, **query)

    def get(self, body: Object, namespace: str) -> Object | None:
        """An object as it is now, by one that has its name and kind."""
        answer = self.request("GET", self.path(body, namespace))
        return None if answer.status == 404 else answer.body

    def delete(self, body: Object, namespace: str) -> Answer:
        return self.request("DELETE", self.path(body, namespace), propagationPolicy="Background")

    def create_namespace(self, name: str) -> None:
        """With the service account that pods are refused without, and that a controller would make."""
        for path, body in (
            ("/api/v1/namespaces", {"metadata": {"name": name}}),
            (f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}}),
        ):
            answer = self.request("POST", path, body)
            assert answer.status in (201, 409), answer.body
