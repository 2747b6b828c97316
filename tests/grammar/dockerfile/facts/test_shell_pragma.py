"""`# hadolint shell=`: which steps it applies to."""

import pytest

from stackferry.grammar.dockerfile.facts.build import build
from tests.grammar.dockerfile.making import tree


def dialects(text: str) -> list[str]:
    return [step.shell.dialect for step in build(tree(text)).steps("RUN")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\n# hadolint shell=pwsh\nRUN x\nRUN y\nFROM b\nRUN z\n", ["powershell", "powershell", "sh"]),
        ("FROM a\n# hadolint shell=pwsh\nENV A=b\nRUN x\n", ["powershell"]),
        ("FROM a\n# hadolint shell = bash # why\n# more\n\nRUN x\n", ["bash"]),
        ("FROM a\n# hadolint shell=/bin/bash\nRUN x\n", ["bash"]),
        ("# hadolint shell=pwsh\nFROM a\nRUN x\nFROM b\nRUN y\n", ["powershell", "powershell"]),
        ("# hadolint shell=pwsh\nARG A\nFROM a\nRUN x\n", ["powershell"]),
        ("FROM a\nRUN x\n# hadolint shell=pwsh\nFROM b\nRUN y\nFROM c\nRUN z\n", ["sh", "powershell", "sh"]),
        ("FROM a AS one\n# hadolint shell=bash\nRUN x\nFROM one\nRUN y\n", ["bash", "bash"]),
        ("FROM a\n# hadolint shell=bash\nRUN x\n# hadolint shell=sh\nRUN y\n", ["bash", "sh"]),
        ('FROM a\n# hadolint shell=bash\nRUN x\nSHELL ["/bin/sh", "-c"]\nRUN y\n', ["bash", "sh"]),
        ('FROM a\nSHELL ["pwsh"]\n# hadolint shell=bash\nRUN x\n', ["bash"]),
        ("FROM a\nRUN x && \\\n# hadolint shell=bash\n y\n", ["sh"]),
        ("FROM a\n# hadolint shell=power shell\nRUN x\n", ["sh"]),
        ("FROM a\n## hadolint shell=bash\nRUN x\n", ["sh"]),
        ("FROM a\n# hadolint shell=\nRUN x\n", ["sh"]),
        ("FROM a\n# hadolint shell=fish\nRUN x\n", [""]),
    ],
)
def test_which_steps_a_comment_speaks_of(text, expected):
    assert dialects(text) == expected


def test_it_is_not_a_shell_instruction():
    (step,) = build(tree("FROM a\n# hadolint shell=bash\nRUN x\n")).steps("RUN")
    assert not step.shell.given
