"""`build`: the images of services, with the options of the command line on top of the file's."""

import pytest

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

COMPOSE = """
services:
  web: {build: {context: ., args: {A: file, B: file}}, depends_on: [api]}
  api: {build: ./api, image: shop/api:2}
  db: {image: postgres}
"""


class Builder(FakeEngine):
    """Remembers how it was to build."""

    def __init__(self) -> None:
        super().__init__(VirtualClock())
        self.asked = []

    def build(self, context, options, progress=None):
        self.asked.append(options)
        return super().build(context, options, progress)


@pytest.fixture
def engine(here, monkeypatch):
    from stackferry import engine

    it = Builder()
    monkeypatch.setattr(engine, "connect", lambda _session: it)
    (here / "compose.yaml").write_text(COMPOSE)
    return it


def test_all(engine, stackferry):
    """Also what is here already: that is what the command is for."""
    for _ in range(2):
        done = stackferry("build")
        assert (done.code, done.out) == (0, "")
    assert "building shop-web\n" in done.err
    assert "Successfully built" in done.err
    assert [one.tags[0] for one in engine.asked] == ["shop/api:2", "shop-web"] * 2


def test_one_service_and_what_it_depends_on(engine, stackferry):
    assert stackferry("build", "-q", "web") == (0, "", "")
    assert stackferry("build", "--with-dependencies", "web").code == 0
    assert [one.tags[0] for one in engine.asked] == ["shop-web", "shop/api:2", "shop-web"]


def test_options(engine, stackferry, monkeypatch):
    monkeypatch.setenv("OURS", "here")
    words = ("--no-cache", "--pull", "--build-arg", "B=line", "--build-arg", "OURS", "--build-arg", "NOBODYS")

    assert stackferry("build", *words, "web").code == 0

    (asked,) = engine.asked
    assert (asked.no_cache, asked.pull, asked.args) == (True, True, {"A": "file", "B": "line", "OURS": "here"})


def test_what_buildkit_alone_does(engine, stackferry):
    words = ("--ssh", "default", "--ssh", "k=/id", "--provenance", "mode=max", "--sbom", "true")

    assert stackferry("build", *words, "web").code == 0

    (asked,) = engine.asked
    assert (asked.ssh, asked.provenance, asked.sbom) == ({"default": None, "k": "/id"}, "mode=max", "true")


def test_nothing_to_build(engine, stackferry):
    assert stackferry("build", "db") == (0, "", "No services to build\n")
    # No service, so a folder of docker's.
    assert "tests hand nothing on: ['docker', 'build', 'dbb']" in stackferry("build", "dbb").err


def test_what_has_a_name_is_sent(engine, stackferry):
    done = stackferry("build", "--push", "--memory", "64m", "--builder", "default")

    assert (done.code, list(engine.registry)) == (0, ["shop/api:2"])
    assert {one.memory for one in engine.asked} == {64 << 20}
    assert stackferry("build", "-q", "--push", "web") == (0, "", "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--print"], "--print: stackferry does not support this option: build with `docker buildx`"),
        (["--builder", "mine"], "--builder: stackferry does not support this option"),
        (["--check"], "--check: stackferry does not support this option"),
        (["--memory", "much"], "--memory"),
        (["--memory", "1k"], "at least 4MiB"),
    ],
)
def test_what_the_engine_cannot(engine, stackferry, words, says):
    """Told, never ignored."""
    done = stackferry("build", *words)

    assert (done.code, engine.asked) == (2, [])
    assert says in " ".join(done.err.split())
