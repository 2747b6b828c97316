import os
import sys

import pytest

from stackferry.standby.held_output import HeldOutput


@pytest.fixture
def held(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    return HeldOutput()


def test_nothing_is_written_before_the_end(held, capfd):
    # In the test itself: between fixtures and test, pytest puts its own streams back.
    held.hold()
    print("a row")
    print("a note", file=sys.stderr)
    sys.stdout.flush()
    sys.stdout.buffer.write(b"whole bytes\n")
    sys.stdout.flush()

    assert capfd.readouterr() == ("", "")
    held.release()
    assert capfd.readouterr() == ("a row\nwhole bytes\n", "a note\n")


def test_both_streams_are_what_they_stand_for(held):
    held.hold()

    assert (sys.stdout.fileno(), sys.stderr.fileno()) == (1, 2)
    assert (sys.stdout.isatty(), sys.stderr.isatty()) == (os.isatty(1), os.isatty(2))


def test_it_is_written_once(held, capfd):
    held.hold()
    print("a row")
    held.release()
    held.release()

    assert capfd.readouterr().out == "a row\n"
