"""Scripts within a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.strings import shell_strings

CASES = {
    # a command: its shell, the options it is started with, the script
    "sh -c 'a && b'": ("sh", "", "a && b"),
    'bash -ec "a"': ("bash", "errexit", "a"),
    "bash -euo pipefail -c 'a | b' name arg": ("bash", "errexit nounset pipefail", "a | b"),
    "/bin/bash -o pipefail -lc 'a'": ("bash", "pipefail", "a"),
    "bash -c -e 'a'": ("bash", "errexit", "a"),
    "sudo -u x env A=b sh -c 'a'": ("sh", "", "a"),
    "busybox sh -c a": ("sh", "", "a"),
    "su -c 'a b' user": ("", "", "a b"),
    "su - user -s /bin/bash -c 'a b'": ("bash", "", "a b"),
    "su --command='a b' user": ("", "", "a b"),
    "su user '-ca b'": ("", "", "a b"),
    "eval 'a b'": ("", "", "a b"),
    'sh -c "a \\"$x\\" \\$y \\\\"': ("sh", "", 'a "$x" $y \\'),
    'sh -c "a $(b c) `d`"': ("sh", "", "a $_ $_"),
    "sh -c a\\ b'c d'": ("sh", "", "a bc d"),
    'sh -c "$x"': ("sh", "", "$x"),
    "bash <<E\na $x\nE\n": ("bash", "", "a $x\n"),
    "bash -e -s arg <<'E'\na\nE\n": ("bash", "errexit", "a\n"),
    "bash <<<'a b'": ("bash", "", "a b"),
    "bash script.sh": None,
    "bash script.sh <<E\na\nE\n": None,
    "bash -c": None,
    "bash <<E": None,
    "ls -c 'a'": None,
    "eval a b": None,
}


@pytest.mark.parametrize("text", CASES)
def test_strings(text):
    found = shell_strings(parse(text).commands[0])
    told = [(one.shell, " ".join(sorted(one.options)), one.text) for one in found]

    assert told == ([CASES[text]] if CASES[text] else [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sh -c 'aa && bb'", {"aa": "aa", "bb": "bb"}),
        ('sh -c "aa \\"x\\" && bb; \\$cc $(d) dd"', {"aa": "aa", '"x"': '"x\\"', "bb": "bb", "$cc": "$cc", "dd": "dd"}),
        ("sh -c aa\\ 'bb cc'", {"aa": "aa", "bb": "bb", "cc": "cc"}),
        ("bash <<E\naa \\$x bb\nE\n", {"aa": "aa", "$x": "$x", "bb": "bb"}),
    ],
)
def test_places(text, names):
    (found,) = shell_strings(parse(text).commands[0])
    words = [word for command in parse(found.text).commands for word in command.words]

    places = {word.text: text[found.at(word.start) : found.end(word.end)] for word in words}
    assert {name: places[name] for name in names} == names


@given(st.text(alphabet="ab \"'\\$`()\n{}"))
def test_any_place_is_in_the_word(inner):
    text = f"sh -c {inner}"
    for command in parse(text).commands:
        for found in shell_strings(command):
            places = [found.at(offset) for offset in range(len(found.text))]
            assert places == sorted(places)
            assert all(found.word.start <= place < found.word.end for place in places)
