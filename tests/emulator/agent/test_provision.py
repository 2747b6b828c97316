"""What a stack leaves when it is gone: nothing of the files of its secrets."""

from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.secret_files import SecretFiles
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.store import Store


def test_files_of_a_stack_that_is_gone_are_gone(tmp_path: Path) -> None:
    root = tmp_path / "run" / "shop"
    (root / "task").mkdir(parents=True)
    (root / "task" / "0").write_text("secret")
    engine: Any = object()
    provision = Provision(engine, Store(tmp_path / "state.db"), SecretFiles(root), "shop")

    provision.clear()

    assert not root.exists()


def test_an_image_is_looked_for_once_until_the_engine_says_that_it_is_gone(tmp_path: Path) -> None:
    engine = FakeEngine(VirtualClock())
    engine.import_image("web:1", b"")
    provision = Provision(engine, Store(tmp_path / "state.db"), SecretFiles(tmp_path / "run"), "shop")
    container = ContainerSpec("web:1")
    engine.calls.clear()

    for _ in range(3):
        provision.image(container)

    assert len(engine.calls) == 1
    engine.remove_image("web:1")
    assert provision.lost_image(container)
    assert not provision.lost_image(container)
    with pytest.raises(EngineError, match="No such image: web:1"):
        provision.image(container)
