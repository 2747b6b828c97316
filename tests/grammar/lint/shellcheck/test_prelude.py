"""The lines before a script: its shell, its directives, its variables."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN
from stackferry.grammar.lint.shellcheck.submission import Submission, submissions
from tests.grammar.lint.making import facts
from tests.grammar.lint.shellcheck.making import asked, preludes

PROXIES = ["ALL_PROXY", "FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]


def exports(text: str, manner=OWN) -> list[dict[str, str | None]]:
    """What is exported, without proxies."""
    return [exported(found) for found in asked(text, manner)]


def exported(submission: Submission) -> dict[str, str | None]:
    lines = submission.text.split("\n")[: submission.lines]
    command = shlex.split("\n".join(lines[1:]), comments=True)
    assert command.pop(0) == "export"
    pairs = (word.partition("=") for word in command)
    return {name: value if given else None for name, given, value in pairs if name.upper() not in PROXIES}


@pytest.mark.parametrize(
    ("lines", "own", "hadolint"),
    [
        ("FROM debian:12", ["#!/bin/sh"], "#!/bin/sh"),
        ("FROM alpine:3.20", ["#!/bin/ash", "# shellcheck shell=busybox"], "#!/bin/sh"),
        ('FROM alpine\nSHELL ["/bin/ash", "-c"]', ["#!/bin/ash", "# shellcheck shell=busybox"], "#!/bin/ash"),
        ('FROM x\nSHELL ["/usr/bin/bash", "-o", "pipefail", "-c"]', ["#!/bin/bash"], "#!/bin/bash"),
        ('FROM x\nSHELL ["/bin/bash", "-exo", "pipefail", "-c"]', ["#!/bin/bash -e"], "#!/bin/bash"),
        ('FROM x\nSHELL ["bash", "--norc", "-c"]', ["#!/bin/bash"], "#!/bin/bash"),
        ('FROM x\nSHELL ["env", "dash", "-c"]', ["#!/bin/dash"], "#!/bin/dash"),
        ('FROM x\nSHELL ["ksh", "-c"]', ["#!/bin/ksh"], "#!/bin/ksh"),
    ],
)
def test_the_shell(lines, own, hadolint) -> None:
    text = f"{lines}\nRUN make\n"

    assert preludes(text)[0].splitlines()[:-1] == own
    assert preludes(text, HADOLINT)[0].splitlines()[:-1] == [hadolint]


@pytest.mark.parametrize(
    ("body", "shell"),
    [
        ("#!/bin/bash\nmake", "#!/bin/bash"),
        ("#!/usr/bin/env -S bash -eu\nmake", "#!/bin/bash -e"),
        ("#!/bin/dash -e\nmake", "#!/bin/dash -e"),
        ("make", "#!/bin/sh -e"),
    ],
)
def test_the_shell_of_a_heredoc_is_that_of_its_first_line(body, shell) -> None:
    (before,) = preludes(f'FROM x\nSHELL ["sh", "-ec"]\nRUN <<EOF\n{body}\nEOF\n')

    assert before.splitlines()[0] == shell


def test_variables_have_the_value_that_matters_or_none() -> None:
    text = """FROM debian
ARG UNKNOWN
ARG VERSION=1.2.3 \\
    list="a b"
ENV COUNT=12 GLOB=*.c EMPTY= QUOTE="it's" REF=$UNKNOWN PATH=/x:$PATH
ENV not-a-name=1 1st=2 NOT_HERE="a b"
RUN make $UNKNOWN $VERSION $list $COUNT $GLOB $EMPTY $QUOTE $REF $PATH
ENV LATER=1
"""

    assert exports(text) == [
        {
            "COUNT": "1",
            "EMPTY": "",
            "GLOB": "*.c",
            "NOT_HERE": None,
            "PATH": None,
            "QUOTE": "it's",
            "REF": None,
            "UNKNOWN": None,
            "VERSION": "x",
            "list": "a b",
        }
    ]
    assert exports(text, HADOLINT) == [{**dict.fromkeys(exports(text)[0], "1"), "NOT_HERE": None}]


def test_every_name_of_an_argument_over_several_lines() -> None:
    """hadolint #885."""
    assert exports('FROM ubuntu:24.04\nARG one=1 \\\n    two=2\nRUN echo "$one $two"\n') == [{"one": "1", "two": "1"}]


def test_proxies_are_always_set() -> None:
    (before,) = preludes("FROM x\nRUN make\n")

    assert " http_proxy" in before
    assert " NO_PROXY" in before


def test_directives_at_the_top_of_a_heredoc_hold_for_all_of_it() -> None:
    body = """# a comment

# shellcheck disable=SC2086,2046 shell=bash  # reason
#shellcheck enable=all
# shellcheck disable=nonsense
make
# shellcheck disable=SC1000
"""
    (before,) = preludes(f"FROM alpine\nRUN <<EOF\n{body}EOF\n")

    assert before.splitlines()[:-1] == [
        "#!/bin/ash",
        "# shellcheck disable=SC2086,2046 shell=bash  # reason",
        "#shellcheck enable=all",
    ]


@given(st.text(st.sampled_from("aA1 '\"\\$`\n\t\r*?é\udcff-=;&|#~"), min_size=1, max_size=12))
def test_any_value_is_one_word_of_the_shell_and_its_lines_are_counted(value: str) -> None:
    build = facts("FROM x\nENV A=\nRUN make A\n")
    build.stages[0].scope.set(1, "A", value, is_env=True)
    (found,) = submissions(build, OWN)

    assert exported(found)["A"] in (value, "1", "x")
    assert found.text.split("\n")[found.lines :] == ["make A", ""]
