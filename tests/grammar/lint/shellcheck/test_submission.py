"""Which scripts ShellCheck gets, and their exact text."""

import pytest

from tests.grammar.lint.shellcheck.making import asked

BASH = 'SHELL ["/bin/bash", "-c"]\n'


def texts(text: str) -> list[tuple[str, str]]:
    return [(found.script.dialect, found.script.text) for found in asked(text)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("RUN make", [("sh", "make")]),
        ("run  --mount=type=cache,target=/x  make ", [("sh", "make")]),
        ("ONBUILD RUN make", [("sh", "make")]),
        ("RUN a \\\n  # comment\n\n  && b", [("sh", "a   && b")]),
        ("RUN <<EOF\na\n\tb\nEOF", [("sh", "a\n\tb\n")]),
        ("RUN <<-EOF\n\ta\n\tb\n\tEOF", [("sh", "a\nb\n")]),
        ("RUN <<EOF\n#!/bin/bash\na\nEOF", [("bash", "#!/bin/bash\na\n")]),
        ("RUN cat <<A > /x\ntext\nA", [("sh", "cat <<A > /x\ntext\nA\n")]),
        # No shell reads these, or none that ShellCheck knows.
        ('RUN ["make", "$X"]', []),
        ('RUN ["sh", "-c", "make $X"]', []),
        ("RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF", []),
        ("RUN <<EOF\nEOF", []),
        ("RUN", []),
        ("CMD make $X", []),
        ("ENTRYPOINT make $X", []),
        ("HEALTHCHECK CMD make $X", []),
        ('SHELL ["zsh", "-c"]\nRUN make', []),
        ('SHELL ["pwsh", "-c"]\nENV A=b\nARG C\nRUN if ($Y) { Write-Host $Y }', []),
        ('SHELL ["cmd", "/S", "/C"]\nRUN dir', []),
        ('SHELL ["python", "-c"]\nRUN print($X)', []),
        # A string in quotes is not what its shell gets: the outer one is.
        ("RUN sh -c 'make $X'", [("sh", "sh -c 'make $X'")]),
    ],
)
def test_the_scripts_of_a_file(lines, expected) -> None:
    assert texts(f"FROM debian:12\n{lines}\n") == expected


def test_windows_is_no_shell() -> None:
    """hadolint #645, #1228."""
    assert (
        texts("FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\nRUN powershell -Command foreach ($f in a) { b }\n")
        == []
    )
    assert (
        texts('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nENV A=b\nRUN $Y\n')
        == []
    )


def test_the_input_of_a_shell_is_a_script_of_its_own() -> None:
    """hadolint #1137."""
    quoted = texts("FROM debian:12\nRUN bash <<'EOF'\n[[ -n $X ]]\nEOF\n")
    plain = texts("FROM debian:12\nRUN <<EOF bash\n[[ -f /etc/hosts ]]\nEOF\n")

    assert quoted == [("sh", "bash <<'EOF'\n[[ -n $X ]]\nEOF\n"), ("bash", "[[ -n $X ]]\n")]
    assert plain == [("sh", "<<EOF bash\n[[ -f /etc/hosts ]]\nEOF\n"), ("bash", "[[ -f /etc/hosts ]]\n")]


def test_an_input_in_which_something_is_expanded_before_is_not_known() -> None:
    (only,) = texts("FROM debian:12\nRUN bash <<EOF\necho $X\nEOF\n")

    assert only[0] == "sh"


def test_the_text_is_the_prelude_and_the_script() -> None:
    (found,) = asked("FROM debian:12\nRUN a \\\n\tb\n")

    assert found.text.split("\n")[found.lines :] == ["a \tb", ""]


def test_a_stage_inherits_its_shell() -> None:
    text = f"FROM debian AS base\n{BASH}FROM base\nRUN a\nFROM debian\nRUN b\n"

    assert texts(text) == [("bash", "a"), ("sh", "b")]
