"""What a stack leaves when it is gone: nothing of the files of its secrets."""

from pathlib import Path
from typing import Any

from emulator.materials import Materials
from emulator.provision import Provision
from emulator.store import Store


def test_files_of_a_stack_that_is_gone_are_gone(tmp_path: Path) -> None:
    root = tmp_path / "run" / "shop"
    (root / "task").mkdir(parents=True)
    (root / "task" / "0").write_text("secret")
    engine: Any = object()
    provision = Provision(engine, Store(tmp_path / "state.db"), Materials(root), "shop")

    provision.clear()

    assert not root.exists()
