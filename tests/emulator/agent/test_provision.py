"""What a removed stack leaves: no files of secrets, and everything that is foreign."""

from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.secret_files import SecretFiles
from stackferry.emulator.cluster.container import ContainerSpec, MountSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.labels import of_stack
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.store import Store
from stackferry.grammar.diagnostics import StackferryError


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


@pytest.fixture
def provision(tmp_path: Path) -> Provision:
    """Of a stack with two networks and a volume of its own, and nothing made yet."""
    own = of_stack("shop")
    networks = tuple(NetworkSpec(key, f"shop_{key}", labels=own) for key in ("front", "back"))
    store = Store(tmp_path / "state.db")
    external = NetworkSpec("out", "out", external=True)
    store.put_document(
        "stack", StackRecord("shop", (*networks, external), (VolumeSpec("data", "shop_data", labels=own),))
    )
    return Provision(FakeEngine(VirtualClock()), store, SecretFiles(tmp_path / "run" / "shop"), "shop")


BOTH = ContainerSpec(
    "web",
    networks=(NetworkAttachmentSpec("shop_front"), NetworkAttachmentSpec("shop_back")),
    mounts=(MountSpec("volume", "/data", "shop_data"),),
)


def test_a_network_of_somebody_else_is_neither_used_nor_removed(provision: Provision) -> None:
    provision.engine.create_network("shop_back", {})

    with pytest.raises(StackferryError, match="network shop_back already exists, and was not created by stackferry"):
        provision.networks(BOTH)
    provision.clear()

    assert [one.name for one in provision.engine.networks({})] == ["bridge", "host", "none", "shop_back"]


def test_networks_that_an_earlier_manager_made_are_the_stacks_own(provision: Provision) -> None:
    provision.networks(BOTH)
    made = {one.id for one in provision.engine.networks(of_stack("shop"))}
    provision.unknow()

    provision.networks(BOTH)

    assert {one.id for one in provision.engine.networks(of_stack("shop"))} == made
    provision.clear()
    assert provision.engine.networks(of_stack("shop")) == []


def test_an_external_network_may_be_anybodys(provision: Provision) -> None:
    provision.engine.create_network("out", {})

    provision.networks(ContainerSpec("web", networks=(NetworkAttachmentSpec("out"),)))
    provision.clear()

    assert provision.engine.inspect_network("out") is not None


def test_a_volume_of_somebody_else_is_used(provision: Provision) -> None:
    provision.engine.create_volume("shop_data", labels={"whose": "mine"})

    provision.volumes(BOTH)

    found = provision.engine.inspect_volume("shop_data")
    assert found is not None
    assert found.labels == {"whose": "mine"}
