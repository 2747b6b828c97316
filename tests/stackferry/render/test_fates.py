"""The table of `explain`."""

from stackferry.grammar.source import Span
from stackferry.render.fates import fate_table
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
