"""Hostile Dockerfiles: no traceback, and a megabyte costs only seconds and some memory, whatever it contains."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stackferry.grammar.lint.run import LIMIT
from tests.conformance.lint.dockerfile import corpus, fixtures
from tests.dockerfiles.hostile import ATTACKS
from tests.dockerfiles.make import dockerfiles
from tests.dockerfiles.mutate import mutated
from tests.fuzz.child import MERCY
from tests.fuzz.dockerfiles import MEGABYTE, STEPS, run

SECONDS = 2.0
MEGABYTES = 200

SMALL, LARGE = 25_000, 100_000
GROWTH = 8
"""How much more the large file may cost: four times as much is there, and what grows with the square costs 16 times."""


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_megabyte_is_parsed_in_seconds_and_some_memory(attack: str) -> None:
    outcome = run("parse", ATTACKS[attack](MEGABYTE))

    assert (outcome.code, outcome.err[-2000:]) == (0, "")
    assert outcome.seconds < SECONDS * MERCY
    assert outcome.megabytes < MEGABYTES


@pytest.mark.slow
@pytest.mark.parametrize("size", [MEGABYTE, LIMIT.characters])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_megabyte_is_linted_in_seconds_and_some_memory(attack: str, size: int) -> None:
    outcome = run("lint", ATTACKS[attack](size))

    assert (outcome.code, outcome.err[-2000:]) == (0, "")
    assert outcome.seconds < SECONDS * MERCY
    assert outcome.megabytes < MEGABYTES


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_cost_of_a_lint_grows_with_the_file(attack: str) -> None:
    """Below what is left out, it must not grow with the square of the file."""
    start, small, large = (
        run("lint", content) for content in (b"FROM a\n", ATTACKS[attack](SMALL), ATTACKS[attack](LARGE))
    )

    assert (large.code, large.err[-2000:]) == (0, "")
    assert large.seconds - start.seconds < GROWTH * (small.seconds - start.seconds) + 0.5
    assert large.megabytes < MEGABYTES


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("size", [100, 1000])
def test_small_ones_end(attack: str, step: str, size: int) -> None:
    STEPS[step](ATTACKS[attack](size))


@pytest.mark.parametrize("step", STEPS)
@given(content=st.binary(max_size=200))
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
@example(content=b"FROM a\nRUN <<")
@example(content=b"ONBUILD")
def test_any_bytes_end(step: str, content: bytes) -> None:
    STEPS[step](content)


@pytest.mark.parametrize("step", STEPS)
@given(text=dockerfiles())
def test_any_dockerfile_ends(step: str, text: str) -> None:
    STEPS[step](text.encode("utf-8", "surrogateescape"))


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_any_change_of_a_real_one_ends(step: str) -> None:
    real = [file.content for file in (*fixtures(), *corpus())]
    for seed in range(500):
        random = Random(seed)

        STEPS[step](mutated(random, random.choice(real), real))
