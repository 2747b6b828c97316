"""Hostile files have the requested size, however large or small."""

import pytest

from tests.dockerfiles.hostile import ATTACKS


@pytest.mark.parametrize("attack", ATTACKS)
def test_they_are_as_large_as_asked(attack: str) -> None:
    assert ATTACKS[attack](1)
    if attack != "a value that doubles":
        assert 80_000 < len(ATTACKS[attack](100_000)) < 125_000
