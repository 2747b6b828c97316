"""Which tasks a deployment replaces because of options, without an engine."""

import pytest

from stackferry.deploy.changed import Changed, ChangedNetwork
from stackferry.deploy.next_state import forced, stale
from stackferry.deploy.request import Rollout, ServiceSelection
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

STACK = DesiredStack("shop", (), names={"web": "shop_web", "db": "shop_db"})
ALL, WEB = ServiceSelection(), ServiceSelection(("web",))


@pytest.mark.parametrize(
    ("services", "rollout", "expected"),
    [
        (ALL, Rollout(), {}),
        (ALL, Rollout(recreate="always"), {"shop_web": "--force-recreate", "shop_db": "--force-recreate"}),
        (WEB, Rollout(recreate="always"), {"shop_web": "--force-recreate"}),
        (WEB, Rollout(recreate_dependencies=True), {"shop_db": "--always-recreate-deps"}),
        # Without a named service there are no dependencies of it.
        (ALL, Rollout(recreate_dependencies=True), {}),
    ],
)
def test_forced(services, rollout, expected):
    assert forced(STACK, services, rollout) == expected


@pytest.mark.parametrize("rollout", [Rollout(), Rollout(recreate="never", follow_images=True)])
def test_other_images_replace_nothing_unless_asked_for(rollout):
    assert stale(Cluster(), STACK, rollout, FakeEngine(VirtualClock())) == frozenset()


def test_a_network_stays_where_no_task_is_replaced():
    found = Changed(networks=(ChangedNetwork("shop_back", "0123", ()),), lost=("shop_front",))

    assert found.under(Rollout()) == found
    assert found.under(Rollout(recreate="never")) == Changed(lost=("shop_front",))
