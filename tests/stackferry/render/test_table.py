"""Tables for people."""

from stackferry.render.style import Style
from stackferry.render.table import table


def test_columns_are_as_wide_as_their_widest_cell():
    expected = """\
KEY         WHERE
image       compose.yaml:3
long.key.x  -"""

    assert table(["KEY", "WHERE"], [["image", "compose.yaml:3"], ["long.key.x", "-"]], Style()) == expected


def test_no_rows_leave_the_headings():
    assert table(["KEY", "WHERE"], [], Style()) == "KEY  WHERE"


def test_the_last_column_wraps_at_words():
    expected = """\
KEY  WHY
a    one two three four five
     six seven"""

    assert table(["KEY", "WHY"], [["a", "one two three four five six seven"]], Style(), width=30) == expected


def test_wide_characters_take_two_columns():
    assert table(["KEY", "X"], [["サービス", "1"], ["web", "2"]], Style()).splitlines()[2] == "web       2"


def test_colour_does_not_move_columns():
    painted = table(["KEY", "X"], [[("ab", "error"), "1"], ["abcd", "2"]], Style(True))

    assert painted.splitlines()[1] == "\033[1;31mab\033[0m    1"
