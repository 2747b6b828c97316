"""The shell parser against two others: mvdan.cc/sh for commands, `bash -n` for completeness."""

import random

import pytest

from stackferry.grammar.shell import parse
from tests.shell.agreement import BOTH_REFUSE, OURS_REFUSES, SAME, UNKNOWN, compared
from tests.shell.bodies import bodies
from tests.shell.generated import Maker, broken
from tests.shell.peer import bash_accepts


@pytest.mark.corpus
def test_the_same_commands_in_the_scripts_of_the_corpus():
    assert set(compared(bodies())) == {SAME}


@pytest.mark.slow
def test_the_same_commands_in_made_up_scripts():
    chance = random.Random(1)
    counts = compared([Maker(chance).script() for _ in range(1500)])

    assert counts[UNKNOWN] == counts[OURS_REFUSES] == 0, counts
    assert counts[SAME] + counts[BOTH_REFUSE] >= 0.98 * counts.total(), counts


def test_the_same_commands_in_broken_scripts():
    chance = random.Random(2)
    made = [Maker(chance).script() for _ in range(500)]
    counts = compared([broken(chance, chance.choice(made)) for _ in range(1500)])

    assert counts[UNKNOWN] == 0, counts
    assert counts[SAME] + counts[BOTH_REFUSE] >= 0.95 * counts.total(), counts


@pytest.mark.slow
def test_complete_is_what_bash_takes():
    """Not in all: bash checks less of `${…}` and `[[ ]]`, and more of subscripts. Backquotes it does not look into."""
    chance = random.Random(3)
    made = [Maker(chance).script().replace("`", "") for _ in range(200)]
    scripts = [*made, *(broken(chance, chance.choice(made)).replace("`", "") for _ in range(400))]
    agreed = sum(parse(script).complete == bash_accepts(script) for script in scripts)

    assert agreed >= 0.96 * len(scripts)
