"""Our own configuration: every key, every error, and its reported place."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.toml_config import read
from stackferry.grammar.lint.release import Releases
from stackferry.grammar.lint.settings import Settings
from tests.grammar.lint.catalogues import RULES, catalogue_of

CATALOGUE = catalogue_of(rule for rule in RULES if rule.id != "DL1001")
HEADER = "[tool.stackferry.lint]\n"


def config(text: str, path: str = "/p/stackferry.toml") -> Config:
    found = read(text, path, CATALOGUE)
    assert found is not None
    return found._replace(path="", folder="")


def refused(text: str, path: str = "pyproject.toml") -> str:
    with pytest.raises(SourceError) as error:
        read(text, path, CATALOGUE, Releases((("0.1.0", "2026.12"),)))
    return str(error.value)


def test_every_key():
    text = """
        [tool.stackferry.lint]
        set = "all"
        select = ["DL3008", "SC2", "security"]
        ignore = ["CKV_DOCKER_7", "DL3005"]
        fail-on = "error"
        rules = "2026.12"
        severity = { DL3008 = "error", CKV_DOCKER_7 = "info" }
        pragmas = false
        trusted-registries = ["docker.io", "*.gcr.io"]
        strict-labels = true

        [tool.stackferry.lint.per-file-ignores]
        "test/**" = ["DL3006", "SC"]
        "*.dev" = []

        [tool.stackferry.lint.label-schema]
        maintainer = "email"
    """
    assert config(text) == Config(
        set="all",
        select=("DL3008", "SC2", "security"),
        ignore=("CKV_DOCKER_7", "DL3005"),
        fail_on="error",
        rules="0.1.0",
        per_file_ignores=(("test/**", ("DL3006", "SC")), ("*.dev", ())),
        severities={"DL3008": "error", "DL3006": "info", "DL3007": "info"},
        heed_pragmas=False,
        settings=Settings(("docker.io", "*.gcr.io"), {"maintainer": "email"}, True),
    )


def test_the_table_has_two_names_in_a_file_of_ours():
    assert config('[lint]\nset = "all"\n') == config('[tool.stackferry.lint]\nset = "all"\n') == Config(set="all")
    assert config('lint.set = "all"\n') == config('\ufefftool.stackferry.lint = {set = "all"}\n') == Config(set="all")


def test_a_file_of_ours_without_a_table_is_an_empty_one():
    assert config("") == config("# nothing yet\n") == config("[tool.other]\nx = 1\n") == Config()


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n", "[tool.ruff.lint]\nselect = ['A']\n", "[lint]\nset = 1\n"]
)
def test_a_pyproject_without_a_table_says_nothing(text):
    assert read(text, "pyproject.toml", CATALOGUE) is None


def test_the_folder_is_that_of_the_file():
    found = read(HEADER, "/p/q/pyproject.toml", CATALOGUE)
    assert found is not None
    assert (found.path, found.folder) == ("/p/q/pyproject.toml", "/p/q")


WRONG = [
    # what is written, where it is wrong, the code, words of the message, words of the hint
    ("seelct = []", "2:1", "unknown-key", "unknown key 'seelct'", "did you mean 'select'?"),
    ("set = 'recomended'", "2:1", "wrong-value", "'recomended' is not one of recommended, all", "mean 'recommended'?"),
    ("set = 1", "2:1", "wrong-type", "set: expected one of recommended, all, security", ""),
    ("select = 'DL3008'", "2:1", "wrong-type", "select: expected a list of strings, got a text", ""),
    ("select = ['DL3008', 7]", "2:1", "wrong-type", "select: expected a list of strings, got a number", ""),
    (
        "select = [\n  'DL3008',\n  'DL30O6',\n]",
        "4:3",
        "unknown-rule",
        "select: 'DL30O6' is not a rule",
        "mean 'DL3006'?",
    ),
    ("ignore = ['what']", "2:11", "unknown-rule", "ignore: 'what' is not a rule", "`stackferry lint --rules`"),
    ("fail-on = 'eror'", "2:1", "wrong-value", "'eror' is not one of error", "did you mean 'error'?"),
    (
        "rules = '2026.11'",
        "2:1",
        "wrong-value",
        "there were no releases with rules yet: the first one is from 2026.12",
        '"2026.12"',
    ),
    ("rules = '12.2026'", "2:1", "wrong-value", "neither a month (2026.12) nor a release", '"2026.12"'),
    ("rules = 2026.12", "2:1", "wrong-type", "expected a month in quotes", ""),
    ("severity = {DL9999 = 'error'}", "2:13", "unknown-rule", "severity: 'DL9999' is not a rule", "--rules"),
    ("severity = {DL3008 = 'off'}", "2:13", "wrong-value", "severity.DL3008: 'off' is not one of error", ""),
    ("severity = {DL3008 = 1}", "2:13", "wrong-type", "severity.DL3008: expected one of", ""),
    ("pragmas = 'yes'", "2:1", "wrong-type", "pragmas: expected true or false, got a text", ""),
    ("label-schema = {a = 'txt'}", "2:17", "wrong-value", "label-schema.a: 'txt' is not one of text", "mean 'text'?"),
    ("per-file-ignores = ['x']", "2:1", "wrong-type", "expected a table, got a list", ""),
    ("[tool.stackferry.lint.per-file-ignores]\n'a/*' = ['DL1']", "3:10", "unknown-rule", "a/*: 'DL1' is no", "--rules"),
    ("set = 1979-05-27", "2:1", "wrong-type", "got a date", ""),
    ("set = ", "2:7", "toml-syntax", "Invalid value", ""),
    ("set = 'x", "2:9", "toml-syntax", "Expected", ""),
    ("set = 'all'\nset = 'all'", "3:12", "toml-syntax", "Cannot overwrite a value", ""),
]


@pytest.mark.parametrize(("text", "place", "code", "message", "hint"), WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said_with_its_place(text, place, code, message, hint):
    said, _, told = refused(HEADER + text + "\n").partition("\n  hint: ")

    assert said.startswith(f"pyproject.toml:{place}: error[{code}]: ")
    assert message in said
    assert hint in told
    assert bool(hint) == bool(told)


def test_everything_wrong_is_told_at_once():
    assert refused(HEADER + "a = 1\nset = 2\nignore = ['x', 'y']\n").count("error[") == 4


MISPLACED = [
    ("pyproject.toml", "[tool.stackferry.lnit]", "1:18", "unknown key 'lnit' in tool.stackferry", "mean 'lint'?"),
    (
        "pyproject.toml",
        "[tool.stackferry]\nlint = 1",
        "2:1",
        "tool.stackferry.lint: expected a table, got a number",
        "",
    ),
    ("stackferry.toml", "lint = 1", "1:1", "lint: expected a table, got a number", ""),
    ("stackferry.toml", 'set = "all"', "1:1", "unknown key 'set'", "move it below [tool.stackferry.lint]"),
    ("stackferry.toml", "[lnit]", "1:2", "unknown key 'lnit'", "did you mean 'lint'?"),
    (
        "stackferry.toml",
        "[lint]\n[tool.stackferry.lint]",
        "1:2",
        "are the same table",
        "move everything into one of them",
    ),
]


@pytest.mark.parametrize(("path", "text", "place", "message", "hint"), MISPLACED)
def test_a_table_that_is_not_where_it_should_be(path, text, place, message, hint):
    said = refused(text + "\n", path)

    assert said.startswith(f"{path}:{place}: error[")
    assert message in said
    assert said.endswith(hint)


KEYS = st.sampled_from(["set", "select", "ignore", "fail-on", "rules", "severity", "label-schema", "pragmas", "x"])
VALUES = st.sampled_from(
    ["1", "'all'", "'x'", "[]", "['DL3008']", "['x', 1]", "{}", "{a = 1}", "{DL3008 = 'info'}", "true"]
)


@given(st.dictionaries(KEYS, VALUES))
def test_any_table_is_read_or_refused(table):
    text = HEADER + "".join(f"{key} = {value}\n" for key, value in table.items())
    with contextlib.suppress(SourceError):
        read(text, "pyproject.toml", CATALOGUE)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(SourceError):
        assert read(text, "stackferry.toml", CATALOGUE) == Config(path="stackferry.toml")
