"""A line parsed without typer and by all of typer: the same values for the same command, or left to typer."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer._click.exceptions import ClickException

import stackferry.verbs
from stackferry.direct import direct
from stackferry.options.declaration import Context, OptionWords
from stackferry.options.option_table import Verb
from stackferry.options.root_options import root_options
from stackferry.root import run as run_by_typer
from stackferry.session import Session
from stackferry.verb_table import VERBS, Group, loaded


def places() -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands that are functions, by their words."""
    for word, verb in VERBS.items():
        inner = verb.items() if isinstance(verb, Group) else [("", verb)]
        for name, place in inner:
            found = loaded(place)
            if not isinstance(found, Verb):
                yield ((word, name) if name else (word,)), found


COMMANDS = dict(places())


class Calls:
    """What is called instead of the commands, which tells what it was called with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[dict[str, object]] = []
        monkeypatch.setattr(stackferry.verbs, "loaded", lambda place: self.instead(loaded(place)))
        monkeypatch.setattr("stackferry.verb_table.loaded", lambda place: self.instead(loaded(place)))

    def instead(self, command: Any) -> Any:
        if isinstance(command, Verb):
            return command

        def function(_context: Context, **values: object) -> int:
            self.said.append({"": (command.__module__, command.__name__), **values})
            return 7

        function.__signature__ = inspect.signature(command)  # type: ignore[attr-defined]
        function.__doc__ = command.__doc__
        return function


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


def asked(calls: Calls, line: Sequence[str]) -> tuple[object, object]:
    """What both read: the values and what the session has then. None where it is left to typer, or typer refuses."""
    answers: list[object] = []
    for reader in ("direct", "typer"):
        session = Session({})
        calls.said.clear()
        try:
            if reader == "direct":
                found = direct(session, line)
                code = None if found is None else found.run()
            else:
                code = run_by_typer(session, [*line])
        except (ClickException, typer.Exit):
            code = None
        state = (session.stack, session.colour, session.progress, session.ansi, session.parallel)
        answers.append((list(calls.said), state) if code == 7 else None)
    return answers[0], answers[1]


TEXTS = st.sampled_from(
    ["a", "web=2", "-", "3", "-1", "2.5", "1e2", "x y", "", "always", "json", "tcp", "TCP", "254", "é"]
)


def words_of(function: Any) -> Any:
    """Lines of options and arguments that a command may have, right and wrong."""
    pieces = [TEXTS.map(lambda text: [text]), st.sampled_from([["--"], ["--no-such"], ["-h"], ["-dq"]])]
    for parameter in inspect.signature(function).parameters.values():
        if get_origin(parameter.annotation) is not Annotated or not isinstance(
            get_args(parameter.annotation)[1], OptionWords
        ):
            continue
        kind, option = get_args(parameter.annotation)
        names = [word.strip() for both in option.words for word in both.split("/") if word.strip()]
        if kind is bool:
            ends = ["", "", "", "=true", "=false", "=x"]
            pieces.append(st.tuples(st.sampled_from(names), st.sampled_from(ends)).map(lambda two: ["".join(two)]))
            continue
        choices = [
            text for inner in (kind, *get_args(kind)) if get_origin(inner) is Literal for text in get_args(inner)
        ]
        values = st.sampled_from(choices) | TEXTS if choices else TEXTS
        pieces.append(st.tuples(st.sampled_from(names), values).map(list))
        pieces.append(st.tuples(st.sampled_from(names), values).map(lambda two: ["=".join(two)]))
    return st.lists(st.one_of(pieces), max_size=5).map(lambda lists: [word for one in lists for word in one])


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_a_line_says_the_same_to_both(name: tuple[str, ...]) -> None:
    seen: list[bool] = []

    @settings(max_examples=60, deadline=None)
    @given(words_of(root_options), words_of(COMMANDS[name]))
    def lines(before: list[str], after: list[str]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            ours, theirs = asked(Calls(patch), [*before, *name, *after])
        # What is left to typer is read by it in any case.
        assert ours in (None, theirs), [*before, *name, *after]
        seen.append(ours is not None)

    lines()


@pytest.mark.parametrize(
    "line",
    [
        ["up", "-d"],
        ["-p", "x", "up", "-d", "web", "--scale", "web=3", "-t", "2.5"],
        ["up", "-dq", "--nodes=3", "--pull", "always"],
        ["-f", "a", "-f", "b", "ps", "-f", "name=x", "-q"],
        ["--progress", "plain", "--parallel=2", "config", "--format=json", "-o", "-", "a", "b"],
        ["service", "ls", "-q"],
        ["service", "list"],
        ["stack", "up", "-c", "x", "name"],
        ["exec", "-T", "web", "ls", "-la", "--color"],
        ["run", "--rm", "web", "sh", "-c", "x"],
        ["logs", "-f", "--tail", "5", "web"],
        ["node", "ls"],
        ["manager", "run", "x"],
    ],
    ids=" ".join,
)
def test_common_lines_need_no_typer(calls: Calls, line: list[str]) -> None:
    ours, theirs = asked(calls, line)
    if line[0] != "stack":  # a switch with a name for off
        assert ours is not None
    assert ours in (None, theirs)


@pytest.mark.parametrize(
    "line", [[], ["-h"], ["--version"], ["up", "--help"], ["nope"], ["service"], ["config", "ls"], ["up", "--nope"]]
)
def test_help_and_what_is_wrong_is_for_typer(line: list[str]) -> None:
    assert direct(Session({}), line) is None
