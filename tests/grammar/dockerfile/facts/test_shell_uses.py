"""Which variables the scripts of a step read, and which they set themselves."""

import pytest

from stackferry.grammar.dockerfile.facts.shell_uses import shell_uses
from tests.grammar.lint.making import facts


def read(run: str) -> list[str]:
    """The names that the RUN of a file reads."""
    (step,) = facts(f"FROM debian:12\nRUN {run}").steps("RUN")
    return [use.name for use in shell_uses(step)]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("echo $A ${B}", ["A", "B"]),
        ("echo \"$A\" '$B' \\$C", ["A"]),
        ("echo $(cat $A) > $B", ["B", "A"]),
        ("echo $((A + $B))", ["B"]),
        ('if [ -n "$A" ]; then B=$C; fi', ["A", "C"]),
        ("for A in $B; do echo $A; done", ["B"]),
        ("case $A in b) ;; esac", ["A"]),
        ("cat <<E\n$A\nE\n", ["A"]),
        ("cat <<'E'\n$A\nE\n", []),
        ("<<E\necho $A\nE\n", ["A"]),
        ("sh -c 'echo $A'", ["A"]),
        ('["sh", "-c", "echo $A"]', ["A"]),
        ('["echo", "$A"]', []),
    ],
)
def test_reads(run, names):
    assert sorted(read(run)) == sorted(names)


@pytest.mark.parametrize(
    "run",
    [
        "A=1; echo $A",
        "A=1 sh -c 'echo $A'",
        "export A=1 && echo $A",
        "export A; echo $A",
        "read A < /a && echo $A",
        "printf -v A x; echo $A",
        ": ${A:=1} && echo $A",
        ". /etc/os-release && echo $A",
        'eval "$(tool)" && echo $A',
    ],
)
def test_what_a_script_sets_is_its_own(run):
    assert "A" not in read(run)
