"""The table of commands, and the help generated from it: sections, whole summaries, `help COMMAND`."""

import pytest

from stackferry.cli import main
from stackferry.verb_table import SECTIONS, VERBS, Group, loaded

WIDE = 80


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words]) == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDE))


def test_every_command_is_in_one_section() -> None:
    listed = [word for words in SECTIONS.values() for word in words]

    assert sorted(listed) == sorted(VERBS)


def test_sections_and_whole_summaries(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--help")

    titles = [line.removesuffix(":") for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert titles == ["Options", *SECTIONS]
    for word in VERBS:
        (line,) = (one for one in out.splitlines() if one.startswith(f"  {word} "))
        assert line.endswith("."), line
        assert "..." not in line
    assert all(len(line) <= WIDE for line in out.splitlines())


@pytest.mark.parametrize("word", [word for word, verb in VERBS.items() if isinstance(verb, Group)])
def test_so_do_groups(capsys: pytest.CaptureFixture[str], word: str) -> None:
    out = said(capsys, word, "--help")

    lines = out.partition("Commands:\n")[2].splitlines()
    assert len(lines) == len(VERBS[word])
    assert all(line.endswith(".") and "..." not in line and len(line) <= WIDE for line in lines)


def test_those_that_choose_the_stack_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--help")

    assert out.index("--file") < out.index("--all-resources") < out.index("--color") < out.index("--parallel")


@pytest.mark.parametrize("words", [(), ("up",), ("service",), ("service", "create"), ("lint",)])
def test_help_explains_a_command(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert said(capsys, "help", *words) == said(capsys, *words, "--help")


def test_a_summary_is_one_sentence() -> None:
    for verb in VERBS.values():
        for place in [] if isinstance(verb, Group) else [verb]:
            found = loaded(place)
            text = getattr(found, "run", found).__doc__
            assert text.partition("\n")[0].endswith("."), place
