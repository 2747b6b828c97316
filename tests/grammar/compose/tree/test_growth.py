"""The bound on growth: how much each thing counts, and that exceeding it ends the load."""

import pytest

from stackferry.grammar.compose.tree.growth import Bounded, size
from stackferry.grammar.diagnostics import MOST, Diagnostics, SourceError
from tests.grammar.making import FILE, codes, problems, tree

ENVIRONMENT = ",".join(f"V{number}: a" for number in range(500))


@pytest.mark.parametrize(
    ("text", "expected"), [("a", 1), ("[a, b]", 3), ("{a: b, c: [d]}", 4), (f"[{'x' * 1000}]", 12)]
)
def test_size(text: str, expected: int) -> None:
    assert size(tree(text)) == expected


def test_variables_that_are_taken_over_are_counted_by_their_length() -> None:
    report = Diagnostics(room=15)
    variables = Bounded({"LONG": "x" * 1000, "SHORT": "y"}, report)

    assert (variables["SHORT"], variables.get("NO"), "LONG" in variables, len(variables)) == ("y", None, True, 2)
    assert variables["LONG"]
    with pytest.raises(SourceError, match="too-large"):
        variables["LONG"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        f"services:\n  b: {{image: x, environment: {{{ENVIRONMENT}}}}}\n"
        + "".join(f"  s{number}: {{extends: b}}\n" for number in range(1000)),
        "services:\n" + "".join(f"  s{number}: {{image: x, ports: [1-60000]}}\n" for number in range(3)),
        "services: {w: {image: x, ports: ['127.0.0.1:1-60000:1-60000', '1-60000']}}\n",
        "services: {w: {image: x}}\n" + "---\nservices: {w: {cap_add: [a]}}\n" * 3 + "---\nx-a: b\n" * 70_000,
    ],
    ids=["extends", "ranges of services", "ranges of a service", "documents"],
)
def test_a_stack_cannot_multiply_without_end(text: str) -> None:
    assert {code.split()[-1] for code in codes(text)} & {"too-large", "wrong-type"}


def test_included_files_cannot_multiply_without_end() -> None:
    files = {f"{number}.yaml": f"include: [{number + 1}.yaml, ./{number + 1}.yaml]\n" for number in range(40)}

    assert "too-large" in problems({FILE: "include: [0.yaml]\n", **files, "40.yaml": "services: {a: {image: x}}\n"})[-1]


def test_after_many_problems_no_more_is_told() -> None:
    told = problems("services:\n" + "".join(f"  s{number}: 1\n" for number in range(1000)))

    assert len(told) == MOST + 1
    assert "too-many-problems" in told[-1]
