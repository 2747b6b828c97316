"""Names beside the service's own: where each resolves, and which cannot resolve."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import NetworkAttachment
from tests.translator.making import body_of, codes, container, ids, note, pod, service, translated


def aliases(*names: str, **keys: Any) -> dict[str, Any]:
    return {"networks": {"net": NetworkAttachment(aliases=names)}, **keys}


def test_an_illegal_alias_is_called_otherwise_and_peers_are_told() -> None:
    found = translated(service(**aliases("my_web")), service("app", environment={"URL": "http://my_web:80"}))

    assert body_of(found, "Service/my-web")["spec"]["selector"]["app.kubernetes.io/name"] == "web"
    assert container(found, "Deployment/app")["env"][0]["value"] == "http://my-web:80"
    assert codes(found)[0] == "alias"


def test_an_alias_with_a_dot_is_the_host_name_of_the_pods() -> None:
    found = translated(service(**aliases("api.local")), service("db", **aliases("db.local")))

    assert (pod(found)["hostname"], pod(found)["subdomain"]) == ("api", "local")
    assert body_of(found, "Service/local")["spec"] == {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": {"app.kubernetes.io/instance": "shop", "stackferry/subdomain": "local"},
    }
    for name in ("web", "db"):
        labels = body_of(found, f"Deployment/{name}")["spec"]["template"]["metadata"]["labels"]
        assert labels["stackferry/subdomain"] == "local"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"hostname": "web.example"}, ("web", "example")),
        ({"hostname": "web", "domainname": "example"}, ("web", "example")),
        (aliases("api.local", hostname="api"), ("api", "local")),
        (aliases("api.local", "b.local"), ("api", "local")),
        (aliases("api.local", hostname="other"), ("other", None)),
        (aliases("a.b.c"), (None, None)),
        (aliases("api.web"), (None, None)),
        (aliases("api.local", network_mode="host"), (None, None)),
    ],
    ids=str,
)
def test_domains(keys: dict[str, Any], expected: tuple[str | None, str | None]) -> None:
    found = translated(service(**keys))

    assert (pod(found).get("hostname"), pod(found).get("subdomain")) == expected
    assert (f"Service/{expected[1]}" in ids(found.objects)) is (expected[1] is not None)


def test_a_second_alias_with_a_dot_cannot_be() -> None:
    assert note(translated(service(**aliases("api.local", "b.local"))), "alias").kind.value == "needs action"
