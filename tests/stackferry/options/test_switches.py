"""Switches with a value, as in docker: `--detach=false`; and docker's aliases of commands."""

import pytest


@pytest.mark.parametrize("value", ["--no-trunc=true", "--no-trunc=1", "--no-trunc"])
def test_on(running, stackferry, value):
    assert "sha256" in stackferry("service", "ps", "shop_web", value).out


@pytest.mark.parametrize("value", ["--no-trunc=false", "--no-trunc=F", "--no-trunc --no-trunc=false"])
def test_off(running, stackferry, value):
    assert "sha256" not in stackferry("service", "ps", "shop_web", *value.split()).out


def test_a_letter_with_a_value(running, stackferry):
    assert stackferry("service", "ls", "-q=true").out == stackferry("service", "ls", "-q").out
    assert stackferry("service", "ls", "-q=0").out == stackferry("service", "ls").out


def test_the_last_one_counts(running, stackferry):
    assert stackferry("service", "update", "shop_web", "--detach=false", "--detach=true", "--read-only=false").code == 0


def test_what_is_no_truth(running, stackferry):
    done = stackferry("service", "update", "--detach=perhaps", "shop_web")

    assert done.code == 2
    assert "Invalid value for '--detach': 'perhaps' is neither true nor false" in done.err


@pytest.mark.parametrize(("alias", "word"), [("up", "deploy"), ("down", "rm"), ("remove", "rm"), ("list", "ls")])
def test_second_names(stackferry, alias, word):
    shown = stackferry("stack", alias, "--help")

    assert shown.out.splitlines()[1:] == stackferry("stack", word, "--help").out.splitlines()[1:]


def test_they_are_of_their_group(stackferry):
    assert "No such command 'down'" in stackferry("service", "down").err


@pytest.mark.parametrize(
    "words",
    [
        ["ls", "-a"],
        ["ls", "--all", "--filter", "name=ho"],
        ["restart", "--no-deps", "-d", "web"],
        ["rm", "-fsv", "web"],
    ],
)
def test_what_compose_users_type_and_is_always_so(running, stackferry, words):
    assert stackferry(*words).code == 0


def test_ls_by_name(running, stackferry):
    assert stackferry("ls", "-q", "--filter", "name=ho").out == "shop\n"
    assert stackferry("ls", "-q", "--filter", "name=x").out == ""


def test_kill_removes_no_orphans(running, stackferry):
    done = stackferry("kill", "--remove-orphans")

    assert done.code == 2
    assert "`stackferry up` removes those" in " ".join(done.err.split())
