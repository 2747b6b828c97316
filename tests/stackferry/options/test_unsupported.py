"""Docker's commands that do not exist here: a hint, and never a misleading similar name."""

import pytest

from stackferry.options.unsupported import HINTS
from stackferry.verb_table import VERBS


def test_they_are_no_commands():
    assert HINTS.keys() & VERBS.keys() == set()


@pytest.mark.parametrize("word", HINTS)
def test_what_to_do_instead(here, stackferry, word):
    done = stackferry(word, "web", "--some", "-x")

    assert (done.code, done.out) == (2, "")
    assert f"No such command '{word}': {HINTS[word].split()[0]}" in done.err
    assert "Did you mean" not in done.err
