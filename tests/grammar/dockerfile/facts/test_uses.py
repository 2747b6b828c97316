"""Uses of variables, each with its place."""

import pytest

from stackferry.grammar.dockerfile.facts.build import build
from stackferry.grammar.dockerfile.facts.uses import uses
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source


def found(text: str) -> list[str]:
    """`name text-of-the-use`, with ! where the name is set."""
    file = build(parse(Source(f"FROM a:1\n{text}")))
    return [
        f"{use.name}{'!' if use.is_set else ''} {file.source.text[use.start : use.end]}"
        for step in file.steps()
        for use in uses(step)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COPY $A ${B:-c} '$C' \\$D /\n", ["A $A", "B ${B:-c}"]),
        ("COPY \\\n  $A \\\n  ${B\\\n}/x /y/\n", ["A $A", "B ${B\\\n}"]),
        ('COPY ["$A", "b $B"]\n', ["A $A", "B $B"]),
        ('COPY ["$A\\u0041", "/"]\n', ['AA "$A\\u0041"']),
        ('COPY ["\\u0041 $B", "/"]\n', ['B "\\u0041 $B"']),
        ("COPY --chown=$A --chmod='0'$B --from=$C --exclude=$D a b\n", ["A $A", "B --chmod='0'$B"]),
        ("ADD --checksum=$A a b\n", ["A $A"]),
        ("COPY <<E <<'F' /x/\n$A '$B' \\$C\nE\n$D\nF\n", ["A $A", "B $B"]),
        ("COPY << E /x/\n$A\nE\n", []),
        ("RUN <<E\n$A\nE\n", []),
        ("RUN --mount=type=cache,target=/$A,id=$B --network=$C $D\n", ["A $A", "B $B"]),
        ("ENV A=$B B=$A $C=1\n", ["B $B", "A $A", "C $C"]),
        ("ENV A=1\nENV B=$A C=$D\n", ["A! $A", "D $D"]),
        ("ARG A\nARG B=$A C=$B D=$E E=1 $F=1\n", ["A! $A", "B! $B", "E $E"]),
        ("LABEL a=$A $B=b\n", ["A $A", "B $B"]),
        ("USER ${A:?b}:$B\n", ["A ${A:?b}", "B $B"]),
        ("WORKDIR ${A\n", []),
        ("VOLUME /$A /$PATH\nSTOPSIGNAL $B\n", ["A $A", "PATH! $PATH", "B $B"]),
        ('CMD $A\nENTRYPOINT $A\nHEALTHCHECK CMD $A\nEXPOSE $A\nSHELL ["$A"]\nMAINTAINER $A\n', []),
    ],
)
def test_uses(text, expected):
    assert found(text) == expected
