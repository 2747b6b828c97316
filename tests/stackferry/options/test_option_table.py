"""A verb as a table: the values of a command line, by typer's parser alone and by all of typer."""

import inspect
from typing import get_args

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from stackferry.commands.lint import VERB
from stackferry.options.declared import declared
from stackferry.options.option_table import Arguments, Option, Verb, parsed
from stackferry.options.switches import Command

GOT: list[dict[str, object]] = []


def run(session, **values):
    """Keep what was given."""
    GOT.append(values)


TABLE = Verb(
    run,
    Arguments("paths", "[PATH]...", "Files."),
    (
        Option("form", ("-f", "--format"), "A format.", choices=("text", "json")),
        Option("select", ("--select",), "Rules.", "RULE", many=True),
        Option("name", ("--name",), "A name.", "NAME"),
        Option("quiet", ("-q", "--quiet"), "Quiet.", switch=True),
        Option("no_old", ("-o", "--old"), "", many=True, instead="use --name"),
    ),
)
NOTHING = {"form": None, "select": (), "name": None, "quiet": False, "paths": ()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["a", "b"], {"paths": ("a", "b")}),
        (["-f", "json", "a"], {"form": "json", "paths": ("a",)}),
        (["-fjson"], {"form": "json"}),
        (["--format=text", "--format=json"], {"form": "json"}),
        (["--select", "a", "x", "--select=b"], {"select": ("a", "b"), "paths": ("x",)}),
        (["-q", "a"], {"quiet": True, "paths": ("a",)}),
        (["--quiet=false"], {}),
        (["--quiet=1"], {"quiet": True}),
        (["--", "-q", "--format"], {"paths": ("-q", "--format")}),
        (["-", "a"], {"paths": ("-", "a")}),
        (["--name", ""], {"name": ""}),
        (["a", "-q", "--", "b"], {"paths": ("a", "b"), "quiet": True}),
    ],
)
def test_values(words, expected):
    assert parsed(TABLE, words) == {**NOTHING, **expected}


@pytest.mark.parametrize(
    "words",
    [["--help"], ["-h"], ["-f", "xml"], ["--nope"], ["-x"], ["--name"], ["--quiet=perhaps"], ["-f"], ["--qui"]],
)
def test_help_and_mistakes_are_left_to_typer(words):
    assert parsed(TABLE, words) is None


def by_typer(words):
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(cls=Command)(declared(TABLE))
    GOT.clear()
    typer.main.get_command(app).main(words, standalone_mode=False)
    return GOT[0]


WORDS = st.sampled_from(
    [
        "a",
        "b",
        "-",
        "--",
        "-q",
        "-f",
        "json",
        "-fjson",
        "--format=text",
        "--select",
        "--select=x",
        "--name",
        "--quiet=0",
    ]
)


@given(st.lists(WORDS, max_size=6))
def test_both_ways_give_the_same(words):
    found = parsed(TABLE, words)
    if found is None:
        with pytest.raises(typer._click.exceptions.UsageError):
            by_typer(words)
    else:
        assert by_typer(words) == found


def test_the_function_for_typer():
    command = declared(TABLE)
    signature = inspect.signature(command)

    assert command.__doc__ == "Keep what was given."
    assert [*signature.parameters] == ["_context", "paths", "form", "select", "name", "quiet", "no_old"]
    assert get_args(signature.parameters["no_old"].annotation)[1].hidden


def test_what_other_programs_have():
    assert parsed(TABLE, ["--old", "x"]) is None
    with pytest.raises(typer._click.exceptions.UsageError, match=r"^No such option: --old: use --name$"):
        by_typer(["-o", "x"])


def test_the_table_of_lint_fits_its_function():
    named = {option.name for option in VERB.options if not option.instead} | {VERB.arguments.name}

    assert named == set(inspect.signature(VERB.run).parameters) - {"session"}


def test_a_verb_without_arguments_takes_options_alone():
    bare = TABLE._replace(arguments=None)

    assert parsed(bare, ["-q", "--name", "x"]) == {"form": None, "select": (), "name": "x", "quiet": True}
    assert parsed(bare, ["-q", "x"]) is None
    assert "paths" not in inspect.signature(declared(bare)).parameters
