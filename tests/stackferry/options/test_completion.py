"""Shell completion as a shell requests it: the program with the line in its environment."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.store.directories import home
from stackferry.emulator.store.store import Store
from tests.stackferry.conftest import shop

COMPOSE = """
services:
  web: {image: a}
  db: {image: a, profiles: [storage]}
  debug: {image: a, profiles: [tools]}
"""

Ask = Callable[[str], list[str]]


@pytest.fixture
def ask(here: Path) -> Ask:
    """The words that may follow a line."""
    (here / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    config = here / "config"
    config.write_text("contexts:\n- {name: kind-a, context: {cluster: a, user: a}}\nclusters: []\nusers: []\n")

    def asked(line: str) -> list[str]:
        words = line.split(" ")
        seen = {**os.environ, "_STACKFERRY_COMPLETE": "complete_bash", "COMP_WORDS": line.rstrip()}
        seen |= {"COMP_CWORD": str(len(words) - 1), "KUBECONFIG": str(config)}
        done = subprocess.run(
            [sys.executable, "-m", "stackferry"], env=seen, cwd=here, capture_output=True, text=True, check=False
        )
        assert not done.stderr, done.stderr
        return done.stdout.split()

    return asked


def running(here: Path) -> None:
    """The stack `shop` as if it ran, in the store."""
    place = home(os.environ, "shop")
    store = Store(place.database)
    with store.transaction():
        store.save(type(shop())(), shop())
    store.close()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("stackferry up ", ["db", "debug", "web"]),
        ("stackferry up d", ["db", "debug"]),
        ("stackferry scale ", ["db=", "debug=", "web="]),
        ("stackferry up --attach w", ["web"]),
        ("stackferry --profile ", ["storage", "tools"]),
        ("stackferry up --profile t", ["tools"]),
        ("stackferry kube up --context ", ["kind-a"]),
        ("stackferry -f no-such.yaml up ", []),
        ("stackferry node inspect ", []),
    ],
)
def test_names_of_files(ask: Ask, line: str, names: list[str]) -> None:
    assert ask(line) == names


def test_names_of_what_runs(ask: Ask, here: Path) -> None:
    running(here)
    cluster = shop()
    services = {one.spec.name for one in cluster.services.values()}
    short = {name.removeprefix("shop_") for name in services}
    nodes = {one.hostname for one in cluster.nodes.values()}

    assert ask("stackferry -p ") == ["shop"]
    assert ask("stackferry stack ps ") == ["shop"]
    assert set(ask("stackferry service ps ")) == services
    assert set(ask("stackferry node inspect ")) == nodes
    assert set(ask("stackferry logs ")) >= short | {"web", "db", "debug"}
    tasks = set(ask("stackferry exec ")) - short - {"web", "db", "debug"}
    assert tasks
    assert all(task.rpartition(".")[0] in short for task in tasks)
