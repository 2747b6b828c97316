"""When colours are used."""

import io

import pytest

from stackferry.render.style import Style


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "stream", "expected"),
    [
        ("auto", {}, Terminal(), True),
        ("auto", {}, io.StringIO(), False),
        ("auto", {"NO_COLOR": "1"}, Terminal(), False),
        ("auto", {"NO_COLOR": ""}, Terminal(), True),
        ("auto", {"TERM": "dumb"}, Terminal(), False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, io.StringIO(), True),
        ("never", {}, Terminal(), False),
    ],
)
def test_choice(choice, environment, stream, expected):
    assert Style.choose(choice, environment, stream).enabled is expected


def test_paint_leaves_text_alone_without_colour():
    assert Style(False).paint("error", "text") == "text"


def test_paint_returns_to_normal():
    assert Style(True).paint("error", "text") == "\033[1;31mtext\033[0m"
