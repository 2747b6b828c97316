"""The values of variables at each command."""

import random
import time

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.expand import resolve
from stackferry.grammar.shell.variables import variables
from tests.shell.probes import START, Prober, told_by_bash


def echoed(text: str, **start: str) -> list[str | None]:
    """What each `echo` in a script says, as far as we know."""
    script = parse(text)
    values = variables(script, start)
    return [resolve(one.words[1], values.at(one)) for one in script.commands if one.name == "echo"]


CASES = {
    "X=1; export Y=2$X Z; echo $X$Y": ["121"],
    "X=$(date); echo $X; X=`date`; echo $X": [None, None],
    "X=1 echo $X; X=2 Y=$X; echo $Y": ["start", "2"],
    "X=a; X+=b; echo $X; Q+=c; echo $Q": ["ab", None],
    "(X=1; echo $X); echo $X": ["1", "start"],
    "Y=$(X=1; echo $X); echo $X": ["1", "start"],
    "{ X=1; }; echo $X": ["1"],
    "if a; then X=1; echo $X; else echo $X; fi; echo $X": ["1", "start", None],
    "if X=1; then echo $X; elif X=2; then echo $X; fi; echo $X": ["1", "2", None],
    "if X=1; then :; fi; echo $X": ["1"],
    "case $a in b) X=1; echo $X;; *) echo $X;; esac; echo $X": ["1", "start", None],
    "for X in a b; do echo $X; done; echo $X": [None, None],
    "while a; do echo $X; X=1; echo $X; done; echo $X": [None, "1", None],
    "for ((i=0; i<3; i++)); do echo $i; done": [None],
    "a && X=1; echo $X": [None],
    "a && X=1 && echo $X || echo $X": ["1", None],
    "a || X=1 && echo $X": [None],
    "X=1 && Y=2 && set -e && Z=3; echo $X$Y$Z": ["123"],
    "X=1 | b; echo $X": [None],
    "X=1 & echo $X": [None],
    "f() { X=1; echo $X; }; echo $X; f; echo $X": ["1", "start", None],
    "f() { echo $X; }; X=1; f": [None],
    "f() { echo $X; }; f": ["start"],
    ". ./env; echo $X; X=1; echo $X": [None, "1"],
    "(. ./env); echo $X": ["start"],
    "a && . ./env; echo $X": [None],
    "eval a; echo $X": [None],
    "read X; echo $X": [None],
    "unset X; echo $X": [None],
    "printf -v X %s a; echo $X": [None],
    "let X=1; echo $X": [None],
    "((X++)); echo $X; ((Y == 1)); echo $X": [None, None],
    "((X == 1)); echo $X": ["start"],
    ": ${X:=a} ${Q:=b}; echo $X; echo $Q": ["start", None],
    "declare -i X=1+1; echo $X; declare -r X=2; echo $X": [None, "2"],
    "X=(a b); echo $X; X[1]=c; echo $X": [None, None],
    "cd /; echo $PWD": [None],
    "cat <<E\n$(echo $X)\nE\nX=1; echo $X": [None, "1"],
    "{ X=1; } > >(echo $X; echo $Y)": [None, "y"],
    "while read X; do :; done < <(echo $Y; echo $X); echo $X": ["y", None, None],
}


@pytest.mark.parametrize("text", CASES)
def test_values(text):
    assert echoed(text, X="start", Y="y") == CASES[text]


def test_names_that_are_never_set_are_not_there():
    script = parse("X=1; a")
    known = variables(script, {"Y": "2"}).at(script.commands[1])

    assert dict(known) == {"X": "1", "Y": "2"}
    assert "Z" not in known
    assert len(known) == 2


def test_values_that_double_end():
    assert echoed("X=aaaaaaaaaa;" + "X=$X$X;" * 100 + "echo $X") == [None]


@pytest.mark.slow
def test_what_bash_says():
    """Whatever we say a variable is when a probe is run is what bash says each time it runs it."""
    chance = random.Random(1)
    asked = known = 0
    for _ in range(200):
        text = Prober(chance).script()
        script = parse(text)
        values = variables(script, START)
        probes = {command.words[1].literal: command for command in script.commands if command.name == "probe"}
        for number, told, _ in told_by_bash(text):
            here = values.at(probes[number])
            ours = {name: here[name] for name in told if here.get(name) is not None}
            asked, known = asked + len(told), known + len(ours)
            assert told | ours == told, text

    assert known > 0.3 * asked > 300


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["x=$x$x;", "f(){ x=1;};f;", "if a;then x=1;fi;", ". a;x=1;", "(x=1;", "x=${x%*a};"])
def test_long_scripts_take_seconds(piece):
    script = parse(piece * (100_000 // len(piece)))
    start = time.process_time()
    variables(script)

    assert time.process_time() - start < 3
