"""The root command: its help and completion for commands that are handed on to docker."""

import pytest


@pytest.mark.parametrize(
    ("begun", "words"),
    [("im", ["images", "image", "import"]), ("sw", ["swarm"]), ("log", ["logs", "login", "logout"]), ("zz", [])],
)
def test_completion_knows_dockers_words_too(here, monkeypatch, capfd, begun, words):
    from stackferry.cli import main

    monkeypatch.setenv("_STACKFERRY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"stackferry {begun}")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        main([])

    assert capfd.readouterr().out.split() == words


def test_help_says_what_is_handed_on(here, stackferry):
    text = " ".join(stackferry("--help").out.split())

    assert "Passed to docker unchanged: builder," in text
    assert "build, pull, push and run for anything that is not a service of the stack." in text


def test_options_of_ours_and_words_of_dockers_do_not_go_together(here, stackferry):
    done = stackferry("-p", "shop", "image", "ls")

    assert (done.code, done.out) == (2, "")
    assert "`image` is passed to docker: do not put stackferry options before it" in done.err
