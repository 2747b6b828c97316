"""Mutated files: equal for a seed, changed everywhere; empty input is no problem."""

from random import Random

import pytest

from tests.dockerfiles.mutate import mutated

CONTENT = b'FROM alpine:3.20\nRUN a && \\\n    b\nCMD ["c"]\n'


def test_a_seed_makes_the_same_change() -> None:
    assert mutated(Random(3), CONTENT) == mutated(Random(3), CONTENT)


def test_most_changes_change_something() -> None:
    changed = {mutated(Random(seed), CONTENT, [b"USER x\n"]) for seed in range(300)}

    assert len(changed - {CONTENT}) > 200
    assert any(len(one) < len(CONTENT) for one in changed)
    assert any(b"USER x" in one for one in changed)


@pytest.mark.parametrize("content", [b"", b"a", b"\n"])
def test_little_is_no_trouble(content: bytes) -> None:
    for seed in range(200):
        mutated(Random(seed), content, [b""])
