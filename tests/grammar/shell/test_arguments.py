"""Flags and operands."""

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.arguments import options

CASES = {
    # command: (flags with their values, operands, uncertain)
    "apt-get -qy install a b": ("-q -y", "install a b", ""),
    "apt-get install -y -t stable a": ("-y -t=stable", "install a", ""),
    "apt-get install -yt stable a": ("-y -t=stable", "install a", ""),
    "apt-get install -tstable a": ("-t=stable", "install a", ""),
    "apt-get install --target stable --no-cache --x=y a": ("--target=stable --no-cache --x=y", "install a", ""),
    "apt-get install --target=stable a": ("--target=stable", "install a", ""),
    "apt-get -- -y --x": ("", "-y --x", ""),
    "apt-get - a": ("", "- a", ""),
    "apt-get '-y' \"--no-cache\"": ("-y --no-cache", "", ""),
    "apt-get $FLAGS install": ("", "$FLAGS install", "$FLAGS"),
    'apt-get "$X" a$Y': ("", '"$X" a$Y', "a$Y"),
    "apt-get -t $X a": ("-t=?", "a", ""),
    "apt-get --target=$X a": ("--target=?", "a", ""),
    "apt-get -t$X a": ("-t=?", "a", ""),
    "apt-get -y$X --z$X a": ("-y --z", "a", "-y$X --z$X"),
    "apt-get -t": ("-t", "", ""),
    "apt-get": ("", "", ""),
}


@pytest.mark.parametrize("text", CASES)
def test_options(text):
    found = options(parse(text).commands[0], frozenset({"-t", "--target"}))
    flags = [
        flag.name if flag.value_word is None else f"{flag.name}={'?' if flag.value is None else flag.value}"
        for flag in found.flags
    ]

    assert (
        " ".join(flags),
        *(" ".join(word.text for word in words) for words in (found.operands, found.uncertain)),
    ) == (CASES[text])


def test_long_flags_with_one_dash():
    found = options(parse("go build -ldflags=-s -o x ./...").commands[0], frozenset({"-o"}), bundled=False)

    assert (found.value("-ldflags"), found.value("-o"), found.has("-l")) == ("-s", "x", False)
    assert [word.text for word in found.operands] == ["build", "./..."]


def test_flags_before_operands_only():
    found = options(parse("sudo -u root ls -l").commands[0], frozenset({"-u"}), mixed=False)

    assert [word.text for word in found.operands] == ["ls", "-l"]
    assert found.value("-u", "--user") == "root"
    assert found.flag("-l") is None


def test_the_last_of_a_name_counts():
    assert options(parse("a -o 1 -o 2").commands[0], frozenset({"-o"})).value("-o") == "2"
