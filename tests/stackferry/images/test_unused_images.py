"""`down --rmi`: which images are removed with a stack, and what happens to an image in use."""

import os

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.labels import IMAGE
from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.grammar.diagnostics import StackferryError
from stackferry.images.unused_images import images_of, images_of_files, remove_images
from stackferry.session import Session, StackChoice


def service(name: str, image: str, **labels: str) -> Service:
    return Service(name, ServiceSpec(f"shop_{name}", task=TaskTemplate(ContainerSpec(image)), labels=labels))


CLUSTER = Cluster(
    services={
        one.id: one
        for one in (
            service("web", "shop-web"),
            service("api", "shop/api:2"),
            service("db", "postgres@sha256:1", **{IMAGE: "postgres:16"}),
            service("more", "shop/api:2"),
        )
    }
)


def test_which():
    assert images_of(CLUSTER, "shop", built_only=False) == ("shop-web", "shop/api:2", "postgres:16")
    assert images_of(CLUSTER, "shop", built_only=True) == ("shop-web",)


FILES = """
services:
  web: {build: .}
  api: {build: ., image: "shop/api:2"}
  db: {image: postgres}
  tool: {build: ., profiles: [x]}
  other: {image: busybox, profiles: [x]}
"""


def test_which_of_the_files(here):
    """Of services that were never up: `run` may have built them. What another profile only names is left."""
    (here / "compose.yaml").write_text(FILES)
    session = Session({})

    assert sorted(images_of_files(session, built_only=True)) == ["shop-tool", "shop-web"]
    every = ["postgres", "shop-tool", "shop-web", "shop/api:2"]
    assert sorted(images_of_files(session, built_only=False)) == every


def test_without_files(secluded):
    with pytest.raises(StackferryError):
        images_of_files(Session({}), built_only=True)
    assert images_of_files(Session({}, StackChoice(project_name="shop")), built_only=True) == ()


def test_one_in_use_stays(monkeypatch, capsys):
    from stackferry import engine

    class Busy(FakeEngine):
        def remove_image(self, name):
            if name == "busy":
                raise EngineError("conflict: it is in use", status=409)
            super().remove_image(name)

    it = Busy(VirtualClock(), images=["busy", "free"])
    monkeypatch.setattr(engine, "connect", lambda _session: it)

    remove_images(Session(dict(os.environ)), ["busy", "gone", "free"])

    assert sorted(it.images) == ["busy:latest"]
    assert capsys.readouterr().err == "image busy stays: conflict: it is in use\nRemoving image free\n"
