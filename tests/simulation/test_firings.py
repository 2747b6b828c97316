"""Seeds of jobs under a manager that dies: `firings.py`. Thousands of them in the slow test."""

import pytest

from tests.simulation.firings import Simulation


@pytest.mark.parametrize("rough", [False, True], ids=["killed", "rough"])
@pytest.mark.parametrize("first", range(0, 20, 10))
def test_none_is_lost_and_none_fires_twice(first, rough):
    for seed in range(first, first + 10):
        Simulation(seed, rough).play()


@pytest.mark.slow
@pytest.mark.parametrize("rough", [False, True], ids=["killed", "rough"])
@pytest.mark.parametrize("first", range(1000, 3000, 500))
def test_none_of_thousands(first, rough):
    for seed in range(first, first + 500):
        Simulation(seed, rough).play()
