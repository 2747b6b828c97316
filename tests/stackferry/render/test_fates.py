"""The table of `explain`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.source import Span
from stackferry.render.fates import fate_markdown, fate_table
from stackferry.render.style import Style
from stackferry.translator import Kind, Row


def row(path, kind=Kind.EXACT, places=(), why="means the same", hint="", line=1):
    return Row(path, Span("compose.yaml", line, 1), kind, places, why, hint)


def test_groups_and_accounts():
    rows = [
        row(("name",), why="labels"),
        row(("services", "web", "image"), places=("Deployment/web spec.template.spec.containers[0].image",), line=4),
        row(("services", "web", "tty"), Kind.NEEDS_ACTION, (), "no terminal", "attach one\nor two", line=5),
        row(
            ("services", "web", "cap_add", 0),
            Kind.APPROXIMATED,
            ("Deployment/web x", "Service/web y"),
            "nearly",
            line=6,
        ),
        Row(("volumes", "data"), None, Kind.NOT_YET, (), "later"),
    ]
    expected = """\
  KEY         WRITTEN AT      FATE               IN THE MANIFESTS
the stack
  name        compose.yaml:1  exact              labels

services.web, in Deployment/web unless it says otherwise
  image       compose.yaml:4  exact              …containers[0].image
  tty         compose.yaml:5  needs action       no terminal (hint: attach one; or two)
  cap_add[0]  compose.yaml:6  approximated       x, Service/web y — nearly

volumes.data
  (itself)    -               not yet supported  later"""

    assert fate_table(rows, Style(), None) == expected


def test_what_does_not_fit_wraps_below_itself():
    text = fate_table(
        [row(("services", "web", "tty"), Kind.NOT_YET, (), "one two three four five six seven")], Style(), 72
    )

    assert text.splitlines()[2:] == [
        "  tty  compose.yaml:1  not yet supported  one two three four five six",
        " " * 42 + "seven",
    ]


def test_markdown_begins_with_the_worst():
    rows = [
        row(("services", "web", "image"), places=("Deployment/web x",), line=2),
        row(("services", "web", "cpu_shares"), Kind.APPROXIMATED, why="nearly", line=3),
        row(("services", "web", "tty"), Kind.NEEDS_ACTION, why="a|b", hint="one\ntwo", line=4),
        row(("version",), Kind.NOT_APPLICABLE, why="obsolete", line=1),
    ]

    assert fate_markdown(rows).splitlines() == [
        "| key | written at | fate | in the manifests | why | what to do |",
        "| --- | --- | --- | --- | --- | --- |",
        r"| `services.web.tty` | `compose.yaml:4` | needs action |  | a\|b | one<br>two |",
        "| `services.web.cpu_shares` | `compose.yaml:3` | approximated |  | nearly |  |",
        "| `services.web.image` | `compose.yaml:2` | exact | `Deployment/web x` | means the same |  |",
        "| `version` | `compose.yaml:1` | not applicable |  | obsolete |  |",
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a`b", "`` a`b ``"),
        ("``", "``` `` ```"),
        ("a|b", "`a\\|b`"),
        ("a\nb", "`a b`"),
        ("a\\|b", "a\\\\\\|b"),
        ("<b>*x*", "`<b>*x*`"),
    ],
)
def test_a_name_stays_a_name(text, cell):
    assert fate_markdown([row((text,))]).splitlines()[2].startswith(f"| {cell} |")


@given(st.text("a`\\|*\n") | st.text(), st.text("a`\\|*\n") | st.text())
def test_nothing_that_a_file_says_breaks_the_table(key, why):
    lines = fate_markdown([row((key,), why=why, hint=why)]).splitlines()
    cells = [line.replace("\\\\", "").replace("\\|", "") for line in lines]

    assert len(lines) == 3
    assert {line.count("|") for line in cells} == {7}
