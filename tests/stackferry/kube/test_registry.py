"""`stackferry kube up --registry`: the real engine, a registry of the test's own, and a cluster in memory."""

import subprocess
import uuid

import pytest

from stackferry.translator.cluster import client, kubeconfig, wait
from tests.engine.fixtures import engine
from tests.engine.registry import Registry
from tests.stackferry.commands.test_kube import Living

__all__ = ["engine"]

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture
def registry():
    found = Registry()
    yield found
    found.close()


@pytest.fixture
def stack(here, monkeypatch, engine):
    name = f"reg{uuid.uuid4().hex[:8]}"
    (here / "compose.yaml").write_text(f"name: {name}\nservices: {{web: {{build: ., restart: always}}}}\n")
    (here / "Dockerfile").write_text("FROM scratch\nCOPY page /page\n")
    (here / "page").write_text(name)
    found = Living()
    monkeypatch.setattr(wait, "STABLE", 0.0)
    monkeypatch.setattr(kubeconfig, "contexts", lambda _: {"fake": "default"})
    monkeypatch.setattr(client, "connect", lambda context, _: found)
    yield here, found
    listed = subprocess.run(
        ["docker", "images", "-q", "-f", f"reference=*/*/{name}-web"], capture_output=True, text=True
    )
    for image in {*listed.stdout.split(), f"{name}-web"}:
        subprocess.run(["docker", "rmi", "-f", image], capture_output=True)


def image_of(cluster):
    (found,) = (one for path, one in cluster.objects.items() if path.endswith("deployments/web"))
    return found["spec"]["template"]["spec"]["containers"][0]["image"]


def test_only_what_changed_is_pushed_and_the_digest_is_used(stack, registry, stackferry):
    here, cluster = stack
    words = ("kube", "up", "--context", "fake", "--yes", "--registry", f"{registry.host}/team")

    first = stackferry(*words)
    image = image_of(cluster)
    again = stackferry(*words)

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert len(registry.pushed) == 1
    name, _, digest = image.partition("@")
    assert registry.pushed[0] == name.removeprefix(f"{registry.host}/")
    assert digest in registry.blobs
    assert image_of(cluster) == image

    (here / "page").write_text("another one")
    changed = stackferry(*words)

    assert changed.code == 0
    assert len(registry.pushed) == 2
    assert image_of(cluster) != image


def test_a_plan_pushes_nothing(stack, registry, stackferry):
    outcome = stackferry("kube", "plan", "--context", "fake", "--registry", f"{registry.host}/team")

    assert outcome.code == 0, outcome.err
    assert registry.pushed == []
    assert "create Deployment/web" in outcome.out


def test_a_registry_that_is_not_there_ends_it_before_anything_is_applied(stack, stackferry):
    _, cluster = stack

    outcome = stackferry("kube", "up", "--context", "fake", "--yes", "--registry", "127.0.0.1:1/team")

    assert outcome.code == 1
    assert "log in with docker login" in outcome.err
    assert cluster.objects == {}
