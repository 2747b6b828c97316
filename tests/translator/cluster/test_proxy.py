"""Which proxy is used for a server."""

import pytest

from stackferry.translator.cluster.proxy import proxy_of

PROXY = {"HTTPS_PROXY": "http://proxy:3128"}


@pytest.mark.parametrize(
    ("server", "no_proxy", "expected"),
    [
        ("https://api.example:6443", "", "http://proxy:3128"),
        ("http://api.example:6443", "", None),
        ("https://127.0.0.1:6443", "", None),
        ("https://[::1]:6443", "", None),
        ("https://localhost:6443", "", None),
        ("https://192.168.59.100:8443", "192.168.59.0/24", None),
        ("https://192.168.60.100:8443", "192.168.59.0/24,nonsense/x", "http://proxy:3128"),
        ("https://api.example:6443", "other, .example", None),
        ("https://api.example:6443", "*.example", None),
        ("https://api.example:6443", "example", None),
        ("https://api.example:6443", "api.example:6443", None),
        ("https://api.example:6443", "api.example:443", "http://proxy:3128"),
        ("https://myexample:6443", "example", "http://proxy:3128"),
        ("https://api.example:6443", "*", None),
    ],
)
def test_the_environment(server: str, no_proxy: str, expected: str | None) -> None:
    assert proxy_of(server, None, {**PROXY, "no_proxy": no_proxy}) == expected


def test_the_kubeconfig_comes_first() -> None:
    assert proxy_of("https://127.0.0.1", "socks5://here:1", {**PROXY, "NO_PROXY": "*"}) == "socks5://here:1"


def test_a_proxy_without_a_scheme() -> None:
    assert proxy_of("https://api.example", None, {"https_proxy": "proxy:3128"}) == "http://proxy:3128"


def test_no_proxy_at_all() -> None:
    assert proxy_of("https://api.example", None, {}) is None
