"""The value of a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.expand import resolve

KNOWN = {"v": "1.22.3-rc", "empty": "", "path": "/a/b.tar.gz", "HOME": "/root", "nobody": None}
CASES = {
    "$v": "1.22.3-rc",
    "go$v.tgz": "go1.22.3-rc.tgz",
    '"a $v"\\ b': "a 1.22.3-rc b",
    "${v:-x}": "1.22.3-rc",
    "${empty:-x$v}": "x1.22.3-rc",
    "${empty-x}": "",
    "${absent:-x}": None,
    "${nobody:-x}": None,
    "${v:+yes}${empty:+no}": "yes",
    "${empty+set}": "set",
    "${empty:?gone}": None,
    "${v:?gone}": "1.22.3-rc",
    "${v:=x}": "1.22.3-rc",
    "${#v}": "9",
    "${v%.*}": "1.22",
    "${v%%.*}": "1",
    "${path##*/}": "b.tar.gz",
    "${path#/}": "a/b.tar.gz",
    "${path%.tar.*}": "/a/b",
    "${v/./_}": "1_22.3-rc",
    "${v//./}": "1223-rc",
    "${v//[.-]/_}": "1_22_3_rc",
    "${v/#1/2}": "2.22.3-rc",
    "${v/%rc/beta}": "1.22.3-beta",
    "${v//[[a]/_}": "1.22.3-rc",
    "${v//[1&&2|~~^]/_}": "_.__.3-rc",
    "${v//[a--]/_}": None,
    "${v##*[0-9]}": "-rc",
    "${v//[[:digit:]]/_}": None,
    "${v/2/&&}": None,
    "${v:2}": "22.3-rc",
    "${v:0:4}": "1.22",
    "${v: -2}": "rc",
    "${v^^}": "1.22.3-RC",
    "${path,,}": "/a/b.tar.gz",
    "${v@Q}": None,
    "${!v}": None,
    "${v[0]}": None,
    "${v foo}": None,
    "$(cat x)": None,
    "`cat x`": None,
    "$((1 + 1))": None,
    "~/x": "/root/x",
    "~user/x": "~user/x",
    "a~": "a~",
}


@pytest.mark.parametrize("text", CASES)
def test_value(text):
    assert resolve(parse(f"c {text}").commands[0].words[1], KNOWN) == CASES[text]


def test_a_tilde_stays_where_home_is_not_known():
    assert resolve(parse("c ~/x").commands[0].words[1], {}) == "~/x"


def test_a_value_that_grows_too_long_is_not_known():
    assert resolve(parse('c "$x$x"').commands[0].words[1], {"x": "a" * 40_000}) is None


@given(st.text(), st.text(), st.sampled_from(["#", "##", "%", "%%", "/", "//", ":-", ":", "^"]))
def test_anything(value, operand, operator):
    word = parse(f"c ${{v{operator}{operand}}}").commands[0].words[1]

    assert resolve(word, {"v": value}) is None or isinstance(resolve(word, {"v": value}), str)
