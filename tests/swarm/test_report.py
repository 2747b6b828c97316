"""A quick dozen of the scenarios on a real swarm; `make conformance` plays all of them."""

import os
import shutil

import pytest

from tests.swarm.real import Swarm
from tests.swarm.report import Slots, compare_all, engine, late, scripts

QUICK = (
    *("g4-global-crash", "gj1-global-job", "h1-healthy", "p6-role-worker", "r13-none-success"),
    *("r14-none-missing-image", "r17-crash", "rj5-job-all-at-once", "s2-up", "s5-0-to-2", "u13-no-change"),
    "u16-update-config-is-clean",
)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("dockerd") is None, reason="needs root and dockerd for a swarm")
def test_a_quick_dozen_ends_the_same_on_a_real_swarm() -> None:
    with engine() as address:
        swarm = Swarm(address)
        try:
            found = compare_all(swarm, list(scripts(QUICK)))
        finally:
            swarm.close()

    assert {name: wrong for name, (_, wrong) in found.items() if wrong} == {}
    assert sorted(found) == sorted(QUICK)


@pytest.mark.parametrize(("own", "told"), [(1.9, 0), (0.1, 0), (2.1, 1)])
def test_a_task_of_ours_may_come_early_but_not_late(own: float, told: int) -> None:
    theirs: Slots = [("1", ("running",), (1.0,))]
    ours: Slots = [("1", ("running",), (own,))]

    assert len(late("x", theirs, ours)) == told
