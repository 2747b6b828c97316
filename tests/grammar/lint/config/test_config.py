"""The messages about a configuration."""

from stackferry.grammar.lint.config.config import FAIL_ON, Choice, Config, Notice, with_options
from stackferry.grammar.source import Span


def test_the_default_is_the_recommended_set_failing_from_warning_up():
    assert (Config().set, Config().fail_on, Config().heed_pragmas) == ("recommended", "warning", True)
    assert FAIL_ON == ("error", "warning", "info", "style", "never")


def test_a_notice_as_text():
    assert str(Notice("unknown-key", "unknown key 'x'")) == "warning[unknown-key]: unknown key 'x'"
    notice = Notice("unknown-key", "unknown key 'x'", Span("a.yaml", 2, 3), "remove it")
    assert str(notice) == "a.yaml:2:3: warning[unknown-key]: unknown key 'x'\n  hint: remove it"


def test_options_add_up():
    config = with_options(with_options(Config(), select=("DL1",)), select=("DL2",), ignore=("DL3",))
    assert config.command_line == Choice(("DL1", "DL2"), ("DL3",))
