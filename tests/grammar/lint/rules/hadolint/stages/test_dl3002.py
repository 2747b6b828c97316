import pytest

from tests.grammar.lint.making import marked


@pytest.mark.parametrize("user", ["root", "0", "00", "root:root", "0:1000", '"root"', "$ROOT", "${NONE:-root}", "ro$T"])
def test_root_has_many_names(user):
    text = f"FROM a:1\nARG ROOT=root\nARG T=ot\nUSER {user}\n"

    assert marked("DL3002", text) == [f"4 {user}"]


@pytest.mark.parametrize("user", ["app", "1000", "Root", "$UNKNOWN", "app:root", "1000:0", "rooty"])
def test_others_are_fine(user):
    assert marked("DL3002", f"FROM a:1\nUSER root\nUSER {user}\n") == []


def test_the_last_user_of_the_last_stage_counts():
    text = "FROM a:1 AS base\nUSER root\nFROM a:1\nUSER root\nFROM base\nRUN true\n"

    assert marked("DL3002", text) == ["2 root"]
    assert marked("DL3002", text, hadolint=True) == ["2 root", "4 root"]
