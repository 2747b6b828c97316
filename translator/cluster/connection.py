"""Connects to an API server for users who log in with a certificate or a token, as most do.

Every other login, by a program or a provider, is left to the official library (`client.py`): loading it takes
longer than all requests of a run.
"""

import base64
import binascii
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.kubeconfig import Access
from stackferry.translator.cluster.proxy import proxy_of
from stackferry.translator.cluster.transport import Plain, Pooled, Transport

if TYPE_CHECKING:
    import ssl

AT_A_TIME = 8
"""Concurrent requests: as many as Kubernetes' own client allows at its default rate."""

_CLUSTER = frozenset(
    (
        *("server", "certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify"),
        *("tls-server-name", "proxy-url", "disable-compression", "extensions"),
    )
)
_USER = frozenset(
    ("client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile")
)
"""Keys of a kubeconfig that are supported here. Any other key needs the library."""


class Connection(NamedTuple):
    """The URL of a server, the transport to it, and the headers that authenticate us."""

    server: str
    transport: Transport
    login: Callable[[], Mapping[str, str]]


def direct(access: Access, environment: Mapping[str, str] = os.environ) -> Connection | None:
    """A connection; None if it needs the library. Raises ClusterError for a broken kubeconfig."""
    cluster, user = access.cluster, access.user
    server = str(cluster.get("server") or "").rstrip("/")
    proxy = proxy_of(server, cluster.get("proxy-url"), environment)
    if not server.startswith(("https://", "http://")) or not (user.keys() <= _USER and cluster.keys() <= _CLUSTER):
        return None
    if proxy is not None and not proxy.startswith(("http://", "https://")):
        return None
    context = _tls(access) if server.startswith("https://") else None
    name = str(cluster["tls-server-name"]) if cluster.get("tls-server-name") else None
    transport = Plain(server, context, name) if proxy is None else _by_proxy(server, proxy, context, name)
    return Connection(server, transport, lambda: _bearer(access))


def _by_proxy(server: str, proxy: str, context: "ssl.SSLContext | None", name: str | None) -> Pooled:
    import ssl

    import urllib3

    settings: dict[str, Any] = {"maxsize": AT_A_TIME}
    if context is not None:
        settings["ssl_context"] = context
        if context.verify_mode is ssl.CERT_NONE:
            # The kubeconfig asks for it; a warning at each request helps nobody.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    if name is not None:
        settings["server_hostname"] = name
    return Pooled(server, urllib3.ProxyManager(proxy, **settings))


def _bearer(access: Access) -> Mapping[str, str]:
    """A token in a file is read each time, because the file changes when the token is renewed."""
    path, token = access.user.get("tokenFile"), access.user.get("token")
    if path:
        try:
            token = Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise _broken(access, f"{path}: {error.strerror}") from error
    return {"authorization": f"Bearer {token}"} if token else {}


def _tls(access: Access) -> "ssl.SSLContext":
    """Our trusted CAs and our certificate; the checks are no stricter than kubectl's, for which clusters are set up."""
    import ssl

    cluster, user = access.cluster, access.user
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        if cluster.get("insecure-skip-tls-verify"):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif data := cluster.get("certificate-authority-data"):
            context.load_verify_locations(cadata=_decoded(data).decode("ascii"))
        elif path := cluster.get("certificate-authority"):
            context.load_verify_locations(cafile=path)
        else:
            context.load_default_certs()
        with _file(user, "client-certificate") as certificate, _file(user, "client-key") as key:
            if certificate is not None:
                # The empty password keeps OpenSSL from asking on the terminal.
                context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError, binascii.Error) as error:
        raise _broken(access, str(error)) from error
    return context


@contextmanager
def _file(user: Mapping[str, Any], key: str) -> Iterator[str | None]:
    """The path of a certificate or key. OpenSSL reads files only, so inline data is written to a temporary file."""
    data = user.get(f"{key}-data")
    if not data:
        yield user.get(key)
        return
    with tempfile.NamedTemporaryFile(prefix="stackferry-", suffix=".pem") as file:
        file.write(_decoded(data))
        file.flush()
        yield file.name


def _decoded(data: object) -> bytes:
    return base64.b64decode(str(data), validate=True)


def _broken(access: Access, reason: str) -> ClusterError:
    return ClusterError(
        f"the context {access.context} cannot be used: {reason}", "try it with kubectl, which may say more"
    )
