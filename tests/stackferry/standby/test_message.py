import os

from hypothesis import given
from hypothesis import strategies as st

from stackferry.standby.message import LENGTH, Call, address, packed, surroundings

# What a kernel passes on: anything but NUL, also what is no UTF-8 (surrogates stand for that).
WORD = st.binary(max_size=12).map(lambda data: os.fsdecode(data.replace(b"\0", b"")))
NAME = st.text("ABC_", min_size=1, max_size=5)


@given(WORD, st.integers(0, 0o777), st.lists(WORD, max_size=5), st.dictionaries(NAME, WORD, max_size=4))
def test_a_call_arrives_as_it_was_sent(facts, umask, arguments, environment):
    text = packed(facts, umask, arguments, environment)

    call = Call(text[LENGTH:])

    assert int.from_bytes(text[:LENGTH], "big") == len(text) - LENGTH
    assert (call.facts, call.umask, call.arguments, call.environment) == (facts, umask, arguments, environment)


def test_the_socket_is_in_the_state_folder():
    assert address({"HOME": "/home/me"}) == "/home/me/.local/state/stackferry/standby"
    assert address({"HOME": "/home/me", "XDG_STATE_HOME": "/s"}) == "/s/stackferry/standby"


def test_there_is_none_where_it_cannot_be_or_is_not_wanted():
    assert address({}) == ""
    assert address({"HOME": "/home/me", "STACKFERRY_STANDBY": "off"}) == ""
    assert address({"HOME": "/" + "x" * 100}) == ""


def test_what_an_interpreter_heeds_at_its_start_is_part_of_the_surroundings():
    assert surroundings({"PYTHONUTF8": "1"}) != surroundings({})
    assert surroundings({"COLUMNS": "80"}) == surroundings({})
