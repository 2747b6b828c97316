"""Each network and volume is looked up only once, however many callers ask."""

from stackferry.deploy.present import Present
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine


def test_each_name_is_looked_at_once() -> None:
    engine = FakeEngine(VirtualClock())
    engine.create_network("shop_back", {})
    engine.create_volume("shop_data")
    present = Present(engine)
    engine.calls.clear()

    networks = [present.network(name) for name in ("shop_back", "shop_front") * 2]
    volumes = [present.volume(name) for name in ("shop_data", "absent") * 2]

    assert [one and one.name for one in networks] == ["shop_back", None, "shop_back", None]
    assert [one and one.name for one in volumes] == ["shop_data", None, "shop_data", None]
    assert len(engine.calls) == 4
