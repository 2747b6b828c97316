"""The words that a command receives."""

import random

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.expand import fields
from tests.shell.expansions import VARIABLES, bash_fields, word

KNOWN = {"x": "a  b", "one": "1", "empty": "", "HOME": "/root", "nobody": None}
CASES = {
    "plain": ("plain",),
    "'a b'": ("a b",),
    "''": ("",),
    "$x": ("a", "b"),
    '"$x"': ("a  b",),
    "p$x.q": ("pa", "b.q"),
    "$empty": (),
    '"$empty"': ("",),
    "a$empty": ("a",),
    "$empty''": ("",),
    "$nobody": None,
    "$absent": None,
    "a$(b)": None,
    "$((1))": None,
    '"$@"': None,
    "~/x": ("/root/x",),
    "~": ("/root",),
    "'~'/x": ("~/x",),
    "*.deb": ("*.deb",),
    "{a,b}c": ("ac", "bc"),
    "/var/{cache,lib/{apt,dpkg}}": ("/var/cache", "/var/lib/apt", "/var/lib/dpkg"),
    "{a}": ("{a}",),
    "{}": ("{}",),
    "'{a,b}'": ("{a,b}",),
    "{01..3}": ("01", "02", "03"),
    "{$one,2}": ("1", "2"),
    "$one{a,b}": None,
    "{1..100000}": None,
    '${x:-"p q"}': None,
    "${x#a}": ("b",),
    "{$nobody,a}": None,
}


@pytest.mark.parametrize("text", CASES)
def test_fields(text):
    assert fields(parse(f"c {text}").commands[0].words[1], KNOWN) == CASES[text]


def test_dash_has_no_braces():
    assert fields(parse("c {a,b}").commands[0].words[1], {}, braces=False) == ("{a,b}",)


def test_another_separator_is_not_known():
    assert fields(parse("c $x").commands[0].words[1], {"x": "a:b", "IFS": ":"}) is None


def test_what_bash_makes_of_them():
    """Whatever we say of a word is what bash says; and of most we say something."""
    chance = random.Random(1)
    words = [word(chance) for _ in range(2000)]
    ours = [fields(parse(f"f {text}").commands[0].words[1], VARIABLES) for text in words]
    theirs = bash_fields(words, VARIABLES)
    known = [(text, mine, told) for text, mine, told in zip(words, ours, theirs, strict=True) if mine is not None]

    assert [one for one in known if one[1] != one[2]] == []
    assert len(known) > 1600


@pytest.mark.parametrize(
    "text", ["{" * 3000, "{a,b}" * 3000, "{a," * 400 + "b" + "}" * 400, "{1..9}{1..9}{1..9}{1..9}"]
)
def test_too_much_is_not_known(text):
    assert fields(parse(f"c {text}").commands[0].words[1], {}) is None
