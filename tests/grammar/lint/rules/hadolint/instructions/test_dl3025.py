import pytest

from stackferry.grammar.lint.settings import DEFAULTS, Settings
from tests.grammar.lint.making import facts, hits, marked


@pytest.mark.parametrize(
    ("command", "severity"),
    [
        ("curl -f http://localhost/", "info"),
        ('curl -f "http://localhost/"', "info"),
        ("curl -f http://localhost/ || exit 1", None),
        ("pgrep -f app | grep -q app", None),
        ("[ -f /ready ]", None),
        ("PORT=80 check", None),
        ("test -f /ready", None),
        ("check $PORT", None),
    ],
)
def test_a_health_check_may_need_its_shell(command, severity):
    file = facts(f"FROM a:1\nHEALTHCHECK CMD {command}\n")

    assert [hit.severity for hit in hits("DL3025", file, DEFAULTS)] == ([] if severity is None else [severity])
    assert [hit.severity for hit in hits("DL3025", file, Settings(hadolint=True))] == [""]


def test_a_shell_that_is_set_is_meant():
    text = 'FROM a:1 AS lower\nCMD one\nSHELL ["bash", "-c"]\nCMD two\nFROM lower\nCMD three\nFROM a:1\nCMD four\n'

    assert marked("DL3025", text) == ["2 one", "8 four"]
    assert marked("DL3025", text, hadolint=True) == ["2 one", "4 two", "6 three", "8 four"]
