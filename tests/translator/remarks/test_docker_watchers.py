"""Labels on which a program for Docker acts are never called exact on Kubernetes."""

import pytest

from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.translator.notes import Kind
from tests.translator.making import service, translated


def noted(**keys: object) -> set[str]:
    """The last parts of the keys with a note."""
    notes = [note for note in translated(service(**keys)).notes if note.code == "kubernetes-docker-label"]
    assert all(note.kind is Kind.NEEDS_ACTION and note.hint for note in notes)
    return {str(note.path[-1]) for note in notes}


@pytest.mark.parametrize(
    "label",
    [
        "traefik.enable",
        "traefik.http.routers.web.rule",
        "traefik.docker.network",
        "Traefik.Port",
        "kompose.service.expose",
        "kompose.volume.size",
        "caddy",
        "caddy_1",
        "caddy.reverse_proxy",
        "com.df.notify",
        "com.docker.lb.hosts",
        "swag_url",
        "easyhaproxy.http.host",
        "cloudflare.tunnel.hostname",
        "swarmpit.service.deployment.autoredeploy",
        "coolify.managed",
        "ofelia.job-exec.a.schedule",
        "swarm.cronjob.schedule",
        "com.centurylinklabs.watchtower.enable",
        "autoheal",
        "sablier.group",
    ],
)
def test_a_label_that_somebody_acts_on(label: str) -> None:
    assert noted(labels={label: "yes"}) == {label}
    assert noted(deploy=Deploy(labels={label: "yes"})) == {label}


@pytest.mark.parametrize(
    "label", ["com.example.team", "traefikish.x", "caddyfile", "my.traefik.enable", "org.label-schema.name", "swagger"]
)
def test_a_label_of_ones_own(label: str) -> None:
    assert noted(labels={label: "yes"}) == set()


@pytest.mark.parametrize("value", ["false", "False", "0", "no"])
def test_no_route_is_no_loss(value: str) -> None:
    assert noted(labels={"traefik.enable": value}) == set()


def test_variables_of_nginx_proxy() -> None:
    names = {"VIRTUAL_HOST": "a", "VIRTUAL_PORT": "80", "LETSENCRYPT_HOST": "a", "OTHER": "b"}

    assert noted(environment=names) == set(names) - {"OTHER"}
    assert noted(environment={"VIRTUAL_PORT": "80"}) == set()
