"""What somebody else has where a deployment would put its own: on the fake engine."""

import os

import pytest

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.directories import home, stacks

COMPOSE = """
services:
  web: {image: nginx, networks: [back], volumes: ['data:/data'], secrets: [key]}
networks: {back: {}}
volumes: {data: {}}
secrets: {key: {environment: HOME}}
"""


@pytest.fixture
def engine(here, monkeypatch):
    """The fake engine that commands find; the folder has a stack called shop, and files of secrets a place there."""
    from stackferry import engine as connecting

    found = FakeEngine(VirtualClock(), images=["nginx"])
    monkeypatch.setattr(connecting, "connect", lambda _session: found)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here))
    (here / "compose.yaml").write_text(COMPOSE)
    return found


PROVISION = [
    ("up", "-d"),
    ("up", "--dry-run"),
    ("plan",),
    ("stack", "deploy", "-c", "compose.yaml", "--resolve-image", "never", "shop"),
    ("run", "web", "true"),
]


@pytest.mark.parametrize("words", PROVISION, ids=" ".join)
def test_secrets_are_not_put_into_the_folder_of_another(engine, here, stackferry, words):
    """Told before anything is done, with what to do."""
    (here / "stackferry").symlink_to(here)

    done = stackferry(*words)

    assert done.code == 1
    assert f"error: {here}/stackferry is a symbolic link of " in done.err
    assert (
        "\n  hint: remove it (its owner can, or root), or set XDG_RUNTIME_DIR to a folder that is yours\n" in done.err
    )
    assert not home(os.environ, "shop").database.exists()


def test_nor_those_of_a_service_without_a_file(engine, here, stackferry):
    (here / "stackferry").symlink_to(here)
    (here / "word").write_text("s3cret")
    assert stackferry("secret", "create", "word", "word").code == 0

    done = stackferry("service", "create", "--secret", "word", "--no-resolve-image", "nginx")

    assert (done.code, done.out) == (1, "")
    assert f"error: {here}/stackferry is a symbolic link of " in done.err
    assert list(stacks(os.environ)) == []


def test_a_stack_without_secrets_needs_no_such_folder(engine, here, stackferry):
    (here / "stackferry").symlink_to(here)
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert stackferry("plan").code == 0
