"""The proxy for an API server, if any: the kubeconfig's, else the environment's. Pure."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def proxy_of(server: str, given: str | None, environment: Mapping[str, str]) -> str | None:
    """The URL of the proxy for the server, by the rules of kubectl: `given` is the kubeconfig's `proxy-url`."""
    if given:
        return given
    parts = urlsplit(server)
    host = (parts.hostname or "").lower()
    lower = {name.lower(): value for name, value in environment.items()}
    proxy = lower.get(f"{parts.scheme}_proxy")
    if not proxy or host == "localhost" or _is_loopback(host) or _is_named(host, parts.port, lower.get("no_proxy", "")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


def _is_named(host: str, port: int | None, listed: str) -> bool:
    """Whether NO_PROXY has the host: by name or address, a parent domain, or a range of addresses."""
    address = _address(host)
    for pattern in filter(None, (word.strip().lower() for word in listed.split(","))):
        if pattern == "*" or pattern in (host, f"{host}:{port}"):
            return True
        if address is None:
            domain = pattern.removeprefix("*").removeprefix(".")
            if host.endswith(f".{domain}"):
                return True
        elif "/" in pattern and _is_within(address, pattern):
            return True
    return False


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _address(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_within(address: _Address, block: str) -> bool:
    try:
        return address in ipaddress.ip_network(block, strict=False)
    except ValueError:
        return False
