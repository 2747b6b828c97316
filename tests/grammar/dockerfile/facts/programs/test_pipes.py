"""Pipes that hide a failure."""

import pytest

from stackferry.grammar.dockerfile.facts.programs.pipes import losing
from tests.grammar.lint.making import facts


def lost(run: str, head: str = "") -> list[str]:
    """The programs whose failure is lost."""
    (step,) = facts(f"FROM a\n{head}\nRUN {run}\n").steps("RUN")
    return [invocation.unwrapped.program for script in step.scripts for invocation in losing(script)]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("a | b | c; d", ["a"]),
        ("a | b; c | d", ["a", "c"]),
        ("sudo a | b", ["a"]),
        ("echo x | a | b", ["a"]),
        ("cat f | a", ["cat"]),
        ("cat $UNKNOWN | a", ["cat"]),
        ("cat < f | a", ["cat"]),
        ("sed -e s/a/b/ f | a", ["sed"]),
        ("awk -F: '{ print }' /etc/passwd | a", ["awk"]),
        ("find /src -name x | a", ["find"]),
        ("find / -exec a {} + | b", ["find"]),
        ("echo x | tee /none/a | b", ["tee"]),
        ("a | grep -v x", ["a"]),
        ("a | sha256sum > f", ["a"]),
        ("(echo x; a) | b", ["a"]),
        ("while read x; do a; done < f | b", ["read"]),
        ("X=$(a | b)", ["a"]),
        ("while true; do a | b; done", ["a"]),
        ("set -o pipefail; set +eo pipefail; a | b", ["a"]),
        ("if x; then set -o pipefail; fi; a | b", ["a"]),
        ("set -o errexit; a | b", ["a"]),
        ("bash -c 'set -o pipefail'; a | b", ["a"]),
    ],
)
def test_a_failure_is_lost(run: str, expected: list[str]) -> None:
    assert lost(run) == expected


@pytest.mark.parametrize(
    "run",
    [
        "a || b",
        "echo x | a",
        "yes | sudo a",
        "apk --print-arch | a",
        "printf x | sed -e s/a/b/ -e s/c/d/ | tr a b | cut -d: -f1 | sort -u | a",
        "echo x | awk -F: '{ print $1 }' | a",
        "head -c 9 /dev/urandom | base64 | a",
        "tr -d a < /dev/urandom | a",
        "find / -name x -exec a {} ; | b",
        "find . -name x | b",
        "echo x | tee /etc/a | b",
        "a | sha256sum --check",
        "a | md5sum -c -",
        "a | grep x && echo x | grep -q y",
        "{ echo a; echo b; } | c",
        "(a || :) | b",
        "if a | b; then c; fi",
        "while a | b; do c; done",
        "cat <<< x | a",
        "set -o pipefail && a | b",
        "set -euxo pipefail; (a | b)",
        "set -e -o pipefail; X=$(a | b)",
        "bash -o pipefail -c 'a | b'",
    ],
)
def test_nothing_is_lost(run: str) -> None:
    assert lost(run) == []


def test_the_shell_says_pipefail() -> None:
    assert lost("a | b", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]') == []
    assert lost("a | b", 'SHELL ["/bin/bash", "-c"]') == ["a"]
    assert lost("bash -c 'a | b'", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]') == ["a"]
    assert lost("set +o pipefail; a | b", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]') == ["a"]
