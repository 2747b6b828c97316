"""Stages, what they inherit, and what each step sees."""

import pytest

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.parse import parse
from tests.grammar.dockerfile.making import DOCKERFILES, read, tree


def facts(text: str) -> Build:
    return build(tree(text))


def test_stages_and_their_parents() -> None:
    found = facts(
        "ARG BASE=alpine:3.20\nFROM $BASE AS Lower\nFROM lower AS upper\n"
        "FROM Lower\nFROM ${NOPE}\nFROM ${NOPE:-x} as last\n"
    )

    assert [(stage.name, stage.image) for stage in found.stages] == [
        ("lower", "alpine:3.20"),
        ("upper", "lower"),
        ("", "Lower"),
        ("", None),
        ("last", "x"),
    ]
    # A FROM is compared as it is written; --from is not.
    assert [stage.parent.name if stage.parent else "" for stage in found.stages] == ["", "lower", "", "", ""]
    assert found.stages[1].root is found.stages[0]
    assert found.stages[-1].is_last
    assert found.stage_for_copy("LOWER", 4) is found.stages[0]
    assert found.stage_for_copy("1", 4) is found.stages[1]
    assert found.stage_for_copy("4", 4) is None


def test_variables_by_step() -> None:
    found = facts(
        "ARG V=1\nARG W\nFROM x AS a\nARG V\nARG W\nENV E=$V F=$E\nENV E=2\nARG E=3\nRUN true\n"
        "FROM a\nRUN true\nARG V=9\nRUN true\n"
    )
    first, second = found.stages

    assert [dict(step.variables) for step in first.steps if step.keyword == "RUN"] == [
        {"V": "1", "W": None, "E": "3", "F": None}
    ]
    assert [dict(step.variables) for step in second.steps if step.keyword == "RUN"] == [
        {"V": "1", "W": None, "E": "3", "F": None},
        {"V": "9", "W": None, "E": "3", "F": None},
    ]


def test_values_as_buildkit_sees_them() -> None:
    """Each is what its WORKDIR comes to, which WorkdirRelativePath of BuildKit v0.34.2 tells."""
    for text, value in (
        ("ENV E=a\nARG E=b\nWORKDIR $E\n", "b"),
        ("ENV E=a\nARG E\nWORKDIR $E\n", "a"),
        ("ENV E=a\nARG G\nWORKDIR $G\n", "g"),
        ("ENV G=a\nARG G\nWORKDIR $G\n", "g"),
        ("ARG A=a B=$A\nWORKDIR $B\n", "a"),
        ("ENV A=a B=$A\nWORKDIR $B\n", None),
        ('ENV "A"=a\nWORKDIR $A\n', "a"),
        ("ENV N=A\nENV $N=a\nWORKDIR $A\n", "a"),
        ("ARG A=a\nFROM 0\nWORKDIR $A\n", None),
        ("ARG A=a\nFROM s\nWORKDIR $A\n", "a"),
    ):
        found = facts(f"ARG G=g H=$G\nFROM x AS s\n{text}")
        (step,) = found.steps("WORKDIR")
        assert step.expanded(step.instruction.words[0].text) == value, text


def test_shell_user_and_folder() -> None:
    found = facts(
        'FROM debian AS a\nRUN 1\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nUSER app\nWORKDIR /a\nWORKDIR b\n'
        "ENV K=v\nRUN 2\nFROM a\nRUN 3\nUSER $X\nWORKDIR $X\nRUN 4\nFROM alpine\nRUN 5\n"
    )
    runs = list(found.steps("RUN"))

    assert [(step.shell.dialect, step.user, step.workdir) for step in runs] == [
        ("sh", "", ""),
        ("bash", "app", "/a/b"),
        ("bash", "app", "/a/b"),
        ("bash", None, None),
        ("ash", "", ""),
    ]


def test_windows_and_triggers() -> None:
    found = facts("FROM mcr.microsoft.com/windows/nanoserver\nRUN dir\nONBUILD RUN dir\n")
    run, trigger = found.stages[0].steps

    assert (run.shell.dialect, run.onbuild) == ("cmd", False)
    assert (trigger.keyword, trigger.onbuild) == ("RUN", True)


def test_what_stands_before_the_first_stage() -> None:
    found = facts("ARG A\nRUN x\nFROM y\n")

    assert [instruction.keyword for instruction in found.arguments] == ["ARG"]
    assert [instruction.keyword for instruction in found.orphans] == ["RUN"]


@pytest.mark.parametrize(
    ("reference", "image"),
    [
        ("alpine:${TAG:-latest}", "alpine:latest"),
        ("alpine:${TAG}", None),
        ("alpine:${TAG-}${GIVEN:-x}", "alpine:1"),
        ("alpine:${TARGETVARIANT:-latest}", None),
    ],
)
def test_a_default_in_from_counts_where_the_argument_has_none(reference: str, image: str | None) -> None:
    assert facts(f"ARG TAG\nARG GIVEN=1\nFROM {reference}\n").stages[0].image == image


def test_orphans_are_steps_of_a_stage_that_nothing_names() -> None:
    found = facts("ARG A=1\nUSER app\nARG B=2\nRUN echo $A $B\nFROM y\nCOPY --from=-1 a b\nRUN x\n")

    assert found.head is not None
    assert found.parts == (found.head, *found.stages)
    assert [step.keyword for step in found.steps()] == ["USER", "RUN", "COPY", "RUN"]
    run = found.head.steps[-1]
    assert (run.user, dict(run.variables)["A"], dict(run.variables)["B"]) == ("app", "1", "2")
    assert (found.head.name, found.head.image, found.head.is_last) == ("", None, False)
    assert not found.head.is_called("-1")
    assert found.stage_for_copy("-1", 1) is None
    assert facts("RUN x\n").stages == ()
    assert facts("ARG A\nFROM x\n").head is None


def test_a_comment_names_the_shell_of_orphans() -> None:
    found = facts("# hadolint shell=pwsh\nRUN a\nRUN b\n")

    assert found.head is not None
    assert [step.shell.dialect for step in found.head.steps] == ["powershell", "powershell"]


def test_a_text_that_cannot_be_expanded_is_not_known() -> None:
    found = facts("FROM ${x\nENV A=${B:\nUSER ${\n")

    assert found.stages[0].image is None
    assert found.stages[0].user is None


@pytest.mark.corpus
def test_the_corpus() -> None:
    for path in DOCKERFILES:
        found = build(parse(read(path)))

        assert found.stages
        assert [stage.image for stage in found.stages if stage.image == ""] == []


def test_a_stage_by_name_and_number() -> None:
    found = facts("FROM x AS Lower\nFROM y\n")
    first, second = found.stages

    assert [first.is_called(name) for name in ("lower", "LOWER", "0", "00", "1", "")] == [True] * 4 + [False] * 2
    assert [second.is_called(name) for name in ("1", "0", "y", "9" * 10_000)] == [True, False, False, False]
    assert found.stage_for_copy("9" * 10_000, 2) is None
