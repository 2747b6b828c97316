"""Variables that a file sets, anywhere in it."""

import pytest

from stackferry.grammar.dockerfile.facts.programs.environment import variables_set
from tests.grammar.lint.making import facts


def found(text: str) -> list[tuple[str, str | None]]:
    """What is marked, and the value."""
    file = facts(text)
    return [(file.source.text[one.start : one.end], one.value) for one in variables_set(file, "X", "Y")]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("ENV X=1 Z=2 Y='a b'", [("X=1", "1"), ("Y='a b'", "a b")]),
        ("ENV X 1 2", [("X 1 2", "1 2")]),
        ("ENV X=", [("X=", "")]),
        ("ENV X=$UNKNOWN", [("X=$UNKNOWN", None)]),
        ("ARG X=1", [("X=1", "1")]),
        ("ARG X", []),
        ("ARG GLOBAL", []),
        ("ONBUILD ENV X=1", [("X=1", "1")]),
        ("RUN X=1 a && Y=2 b", [("X=1", "1"), ("Y=2", "2")]),
        ("RUN X=1; a", []),
        ("RUN X=1; export X; a", [("X=1", "1")]),
        ("RUN X=1; bash -c 'X=2 a'", [("X=2", "2")]),
        ("RUN export X=1 Y='2'; declare -x X=3", [("X=1", "1"), ("Y='2'", "2"), ("X=3", "3")]),
        ("RUN env -i X=1 a Y=2", [("X=1", "1")]),
        ("RUN sudo -E X=$UNKNOWN a", [("X=$UNKNOWN", None)]),
        ("RUN echo X=1 && a X=2", []),
        ("RUN <<EOF\nexport X=1\nEOF", [("X=1", "1")]),
        ("CMD X=1 a", [("X=1", "1")]),
        ('ENTRYPOINT ["env", "X=1", "a"]', [('"X=1"', "1")]),
        ("LABEL X=1", []),
    ],
)
def test_settings(instruction: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(f"FROM a\n{instruction}\n") == expected


def test_a_script_changes_what_env_has_set() -> None:
    assert found("FROM a\nENV X=1\nRUN X=2; a\n") == [("X=1", "1"), ("X=2", "2")]


def test_a_global_argument_counts_where_a_stage_repeats_it() -> None:
    assert found("ARG X=1\nFROM a\nARG X\nFROM b\n") == [("X", "1")]
