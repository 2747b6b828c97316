"""The shell options in force at each command."""

import random

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.modes import modes, options_at
from tests.shell.probes import Prober, told_by_bash

CASES = {
    "set -e; here": "errexit",
    "set -eux; here": "errexit nounset xtrace",
    "set -euo pipefail; here": "errexit nounset pipefail",
    "set -o pipefail -e; set +e; here": "pipefail",
    "set -x -e && here": "errexit xtrace",
    "here; set -e": "",
    "(set -e); here": "",
    "(set -e; here)": "errexit",
    "if a; then set -e; here; fi": "errexit",
    "if a; then set -e; fi; here": "errexit?",
    "a && set -e; here": "errexit?",
    "set -e; f() { here; }; f": "errexit",
    "set -e; f() { here; }; set +e; f": "errexit?",
    "f() { here; }; f": "",
    "set -e; f() { set -e; here; }": "errexit",
    "set $OPTIONS; here": "?",
    "set -e; set $OPTIONS; here": "errexit?",
    "set -- -e; here": "",
    "set a b; here": "",
    "shopt -so pipefail; here": "pipefail",
    "set -o pipefail; shopt -uo pipefail; here": "",
    "set -e; . ./env; here": "errexit",
    "sudo set -e; here": "",
    "x=$(set -e; here)": "errexit",
}


@pytest.mark.parametrize("text", CASES)
def test_options(text):
    script = parse(text)
    here = next(command for command in script.commands if command.name == "here")
    found = modes(script).at(here)

    assert " ".join(sorted(found.on | {f"{name}?" for name in found.unknown})) == CASES[text].lstrip("?")
    assert options_at(script, here) == found.on


def test_options_of_the_start():
    script = parse("a; set +o pipefail; b")

    assert modes(script, ["pipefail", "errexit"]).at(script.commands[0]).on == {"pipefail", "errexit"}
    assert modes(script, ["pipefail", "errexit"]).at(script.commands[2]).on == {"errexit"}


@pytest.mark.slow
def test_what_bash_says():
    chance = random.Random(2)
    for _ in range(150):
        text = Prober(chance).script()
        script = parse(text)
        found = modes(script)
        probes = {command.words[1].literal: command for command in script.commands if command.name == "probe"}
        for number, _, options in told_by_bash(text):
            here = found.at(probes[number])
            assert {name for name, on in options.items() if on} - here.unknown == here.on & options.keys(), text
