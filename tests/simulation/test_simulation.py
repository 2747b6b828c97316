"""Some seeds of the simulation. `make simulate N=5000` runs any number of them."""

import pytest

from tests.simulation.networks import Networks
from tests.simulation.schedules import Schedules
from tests.simulation.simulation import Simulation


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_everything_ends_as_it_should(first: int) -> None:
    for seed in range(first, first + 15):
        Simulation(seed).play()


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_no_firing_is_lost_or_let_go_twice(first: int) -> None:
    for seed in range(first, first + 15):
        Schedules(seed).play()


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_every_task_is_in_its_network_in_the_end(first: int) -> None:
    for seed in range(first, first + 15):
        Networks(seed).play()
