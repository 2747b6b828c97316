"""Generated Dockerfiles: equal for a seed, with every instruction, half of them valid, and every BuildKit check."""

from collections import Counter
from random import Random

import pytest
from hypothesis import find, given, settings

from tests.buildkit.oracle import RULES, Oracle
from tests.dockerfiles.instructions import ARGUMENTS
from tests.dockerfiles.make import dockerfile, dockerfiles, dockerignore, seeded
from tests.dockerfiles.scripts import runs

COUNT = 3000


def test_a_seed_makes_the_same_file() -> None:
    assert dockerfile(Random(7)) == dockerfile(Random(7))
    assert dict(seeded(5, 3)) == {seed: dockerfile(Random(seed)) for seed in (5, 6, 7)}


@pytest.mark.real
@pytest.mark.slow
def test_they_meet_whatever_buildkit_knows(buildkit: Oracle) -> None:
    keywords: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    messages = set()
    outcomes: Counter[str] = Counter()
    for seed, text in seeded(0, COUNT):
        ignored = dockerignore(Random(seed))
        answer = buildkit.ask(
            text.encode("utf-8", "surrogateescape"), files={".dockerignore": ignored}, experimental=True
        )
        keywords.update(node.keyword.upper() for node in answer.parsed)
        rules.update(warning.rule for warning in answer.warnings)
        outcomes["valid" if answer.valid else "parser" if answer.refused else "said" if answer.faulty else "build"] += 1
        if answer.error:
            messages.add(answer.error.message.split(":")[0])

        assert not answer.crash

    assert keywords.keys() >= ARGUMENTS.keys()
    # A base image of another platform needs another answer of the registry.
    assert rules.keys() == RULES - {"InvalidBaseImagePlatform"}
    assert 0.4 < outcomes["valid"] / COUNT < 0.6
    assert min(outcomes.values()) > COUNT / 50
    assert len(messages) > 30


@pytest.mark.real
def test_tame_ones_are_mostly_valid(buildkit: Oracle) -> None:
    texts = [dockerfile(Random(seed), 0.0).encode("utf-8", "surrogateescape") for seed in range(300)]

    assert sum(buildkit.ask(text, only="lint").valid for text in texts) > 200


@given(text=dockerfiles())
def test_hypothesis_makes_them_too(text: str) -> None:
    text.encode("utf-8", "surrogateescape")


def test_hypothesis_makes_them_smaller() -> None:
    text = find(dockerfiles(), lambda text: "RUN" in text, settings=settings(max_examples=300))

    assert len(text) < 200


def test_a_seed_makes_the_same_runs() -> None:
    assert runs(Random(7)) == runs(Random(7))
    assert runs(Random(7)) != runs(Random(8))


@pytest.mark.real
def test_runs_are_valid_and_show_what_scripts_have(buildkit: Oracle) -> None:
    texts = [runs(Random(seed)) for seed in range(300)]

    assert all(buildkit.ask(text.encode(), only="parse").refused is None for text in texts)
    whole = "\n".join(texts)
    assert all(
        piece in whole for piece in ("<<EOF", "ONBUILD RUN", "--mount=", " | ", "\\\n", "for a in", "bash -c", "$( ")
    )
