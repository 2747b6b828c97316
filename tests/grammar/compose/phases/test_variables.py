"""Which variables a stack uses: over all uses, also nested ones, without those in replaced values."""

from collections.abc import Mapping

import pytest

from stackferry.grammar.compose.phases.variables import Wanted, wanted_variables
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import FILE, HERE, Given, loaded, tree


def wanted(text: str) -> list[Wanted]:
    """What a tree asks for."""
    report = Diagnostics()
    found = wanted_variables(tree(text), report)
    assert list(report) == []
    return found


def asked_by(given: Given, environment: Mapping[str, str] | None = None) -> list[Wanted]:
    """What a loaded stack asks for."""
    report = Diagnostics()
    found = wanted_variables(loaded(given, interpolate=False, environment=environment).tree, report)
    assert list(report) == []
    return found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("$A", Wanted("A")),
        ("${A}", Wanted("A")),
        ("x$A.y", Wanted("A")),
        ("${A:-x}", Wanted("A", default="x")),
        ("${A-x}", Wanted("A", default="x")),
        ("${A:-}", Wanted("A")),
        ("${A:-x:-y}", Wanted("A", default="x:-y")),
        ("${A:-x$$y}", Wanted("A", default="x$$y")),
        ("${A:-{}}", Wanted("A", default="{}")),
        ("${A:+x}", Wanted("A", alternate="x")),
        ("${A+x}", Wanted("A", alternate="x")),
        ("${A:?say it}", Wanted("A", required=True)),
        ("${A?}", Wanted("A", required=True)),
    ],
)
def test_one_use(template: str, found: Wanted) -> None:
    assert wanted(f"a: '{template}'") == [found]


@pytest.mark.parametrize("text", ["a: $$A", "a: cost $5", "a: a$ b", "a: $é", "$A: 1", "a: [1, true, null]", "{}"])
def test_what_asks_for_nothing(text: str) -> None:
    assert wanted(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: $B$A", [Wanted("A"), Wanted("B")]),
        ("a: $a $B $_", [Wanted("B"), Wanted("_"), Wanted("a")]),
        ("a: {b: [$A, {c: $B}]}", [Wanted("A"), Wanted("B")]),
        ("a: ${A:-1}\nb: ${A:-2}", [Wanted("A", default="1")]),
        ("a: ${A:-}\nb: ${A-2}", [Wanted("A", default="2")]),
        ("a: ${A:+1}\nb: ${A+2}", [Wanted("A", alternate="1")]),
        ("a: ${A:?x}\nb: ${A:-1}\nc: ${A:+2}\nd: $A", [Wanted("A", True, "1", "2")]),
        ("a: $A\nb: ${A?x}", [Wanted("A", required=True)]),
        ("a: &it $A\nb: *it", [Wanted("A")]),
        ("a: ${A:-${B:-$C}}", [Wanted("A", default="${B:-$C}"), Wanted("B", default="$C"), Wanted("C")]),
        ("a: ${A:+${B:?x}}", [Wanted("A", alternate="${B:?x}"), Wanted("B", required=True)]),
        ('a: \'{"k": "${A:-{$B}}"}\'', [Wanted("A", default="{$B}"), Wanted("B")]),
    ],
)
def test_several_uses(text: str, found: list[Wanted]) -> None:
    assert wanted(text) == found


def test_the_name_of_the_project_asks_for_nothing_but_other_names_do() -> None:
    assert wanted("name: $A\nnetworks: {n: {name: $B}}\nx-a: [name, {name: $C}]") == [Wanted("B"), Wanted("C")]


def test_what_cannot_be_interpolated_is_told_all_at_once_and_the_rest_is_found() -> None:
    report = Diagnostics()
    found = wanted_variables(
        tree("name: ${X\nservices:\n  web:\n    image: ${A\n    ports: [80, '${}']\n    user: $B\nx-note: $C ${D!e}\n"),
        report,
    )

    assert found == [Wanted("B")]
    assert [str(one) for one in report] == [
        "compose.yaml:4:12: error[interpolation-invalid]: services.web.image: invalid interpolation format: '${A'",
        "compose.yaml:5:17: error[interpolation-invalid]: services.web.ports[1]: invalid interpolation format: '${}'",
        "compose.yaml:7:9: error[interpolation-invalid]: x-note: invalid interpolation format: '${D!e}'",
    ]


def test_no_nesting_is_too_deep_to_be_told() -> None:
    report = Diagnostics()
    wanted_variables(tree(f"a: '{'${A:-' * 5000}{'}' * 5000}'"), report)

    assert [str(one)[:94] for one in report] == [
        "compose.yaml:1:4: error[interpolation-invalid]: a: variables are nested more than 100 levels d"
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            {FILE: "services: {web: {image: $A, user: $B}}\n---\nservices: {web: {image: $C}}\n"},
            [Wanted("B"), Wanted("C")],
        ),
        (
            {FILE: "include: [other.yaml]\nservices: {web: {image: $A}}\n", "other.yaml": "services: {b: {image: $B}}"},
            [Wanted("A"), Wanted("B")],
        ),
        (
            {
                FILE: "services: {web: {extends: {file: other.yaml, service: b}, user: $A}}\n",
                "other.yaml": "services: {b: {image: $B, user: $C}}",
            },
            [Wanted("A"), Wanted("B")],
        ),
        ({FILE: "services: {web: {image: x, profiles: [p], user: $A}}\n"}, [Wanted("A")]),
        ({FILE: "services: {web: {image: x, ports: ['${A:-80}:80']}}\n"}, [Wanted("A", default="80")]),
    ],
)
def test_a_stack_asks_for_what_is_left_after_all_its_files(given: Given, found: list[Wanted]) -> None:
    assert asked_by(given) == found


def test_that_a_variable_is_set_changes_nothing() -> None:
    text = "services: {web: {image: '${A:-x}', environment: [B]}}"

    assert asked_by(text, environment={"A": "1", "B": "$C", "PWD": HERE}) == asked_by(text)
