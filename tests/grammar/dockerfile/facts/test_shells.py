"""Shells by their names, and how they are started."""

import pytest

from stackferry.grammar.dockerfile.facts.shells import LINUX, WINDOWS, dialect, interpreter, program, shell_of


@pytest.mark.parametrize(
    ("words", "found", "pipefail"),
    [
        (("/bin/bash", "-o", "pipefail", "-c"), "bash", True),
        (("bash", "-eo", "pipefail", "-c"), "bash", True),
        (("bash", "-euxo", "pipefail", "-c"), "bash", True),
        (("bash", "-c"), "bash", False),
        (("bash", "-o", "errexit", "-c"), "bash", False),
        (("/usr/bin/env", "bash", "-c"), "bash", False),
        (("busybox", "sh", "-c"), "sh", False),
        (("pwsh", "-Command"), "powershell", False),
        (("C:\\Windows\\System32\\cmd.exe", "/C"), "cmd", False),
        (("/usr/bin/python3", "-c"), "", False),
        ((), "", False),
    ],
)
def test_shell(words: tuple[str, ...], found: str, pipefail: bool) -> None:
    shell = shell_of(words)

    assert (shell.dialect, shell.pipefail, shell.given) == (found, pipefail, True)


def test_defaults() -> None:
    assert LINUX.posix
    assert not WINDOWS.posix
    assert not LINUX.given


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("#!/bin/bash -e", "bash"),
        ("#!/usr/bin/env -S python3 -u", "python3"),
        ("#!/usr/bin/env X=1 bash", "bash"),
        ("#! /bin/sh", "sh"),
        ("#!", ""),
        ("echo", ""),
        ("", ""),
    ],
)
def test_interpreter(line: str, found: str) -> None:
    assert interpreter(line) == found


def test_programs() -> None:
    assert program("/usr/bin/apt-get") == "apt-get"
    assert dialect("/bin/dash") == "dash"
    assert dialect("python3") == ""
