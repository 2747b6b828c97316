"""Calls of programs in a RUN, against those that hadolint sees."""

import pytest

from tests.grammar.lint.making import facts


def programs(run: str, *, plain: bool) -> list[str]:
    (step,) = facts(f"FROM a\n{run}\n").steps("RUN")
    return [call.program for call in step.calls(plain=plain)]


@pytest.mark.parametrize(
    ("run", "every", "seen"),
    [
        ("RUN a && /usr/bin/b; sudo -E c | env X=y d", ["a", "b", "c", "d"], ["a", "/usr/bin/b", "sudo", "env"]),
        ("RUN command a; exec -a x b; time c", ["a", "b", "c"], ["a", "b", "c"]),
        ("RUN command -v a; builtin b", ["command", "b"], ["command", "b"]),
        ("RUN bash -c 'a; b' && c", ["bash", "a", "b", "c"], ["bash", "c"]),
        ('RUN ["bash", "-c", "a; b"]', ["bash", "a", "b"], ["bash", "b"]),
        ("RUN a $(b) `c`; [[ d ]]", ["a", "b", "c", "[["], ["a", "b", "c"]),
        ("RUN $A b; \"c\" 'd'; X=1", ["", "c"], ["", "c"]),
        ("RUN <<X\na\nb\nX", ["a", "b"], ["a", "b"]),
        ("RUN <<X bash\na\nX", ["bash", "a"], ["bash", "a"]),
        ("RUN <<X\n#!/usr/bin/python3\na\nX", [], ["a"]),
        ("RUN bash <<X && b\na\nX", ["bash", "b", "a"], ["bash"]),
        ("RUN a 'b", ["a"], []),
        ("RUN", [], []),
    ],
)
def test_calls(run: str, every: list[str], seen: list[str]) -> None:
    assert programs(run, plain=False) == every
    assert programs(run, plain=True) == seen


def test_values_are_those_that_are_known() -> None:
    (step,) = facts("FROM a\nARG B=c\nRUN a $B d $E\n").steps("RUN")
    (call,) = step.calls()

    assert call.values == ("c", "d")
