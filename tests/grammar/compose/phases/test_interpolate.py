"""The interpolation phase on a tree: changed values, conversion to numbers, diagnostics with their spans."""

import pytest

from stackferry.grammar.compose.phases.interpolate import CASTS, interpolate
from stackferry.grammar.compose.syntax.units import Float32, fraction32
from stackferry.grammar.compose.tree.scalars import boolean, fraction, integer
from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import tree, value

ENVIRONMENT = {"A": "a", "ONE": "1", "YES": "Yes", "HALF": "0.5", "EMPTY": ""}


def interpolated(text: str) -> tuple[object, list[str]]:
    report = Diagnostics()
    found = interpolate(tree(text), ENVIRONMENT.get, report, set())
    return value(found), [str(one) for one in report]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: $A", {"a": "a"}),
        ("a: [x, {b: '${A}$ONE'}]", {"a": ["x", {"b": "a1"}]}),
        ("x-a: $ONE", {"x-a": "1"}),
        ("services: {w: {scale: $ONE}}", {"services": {"w": {"scale": 1}}}),
        ("services: {w: {scale: '3'}}", {"services": {"w": {"scale": 3}}}),
        ("services: {w: {tty: $YES, init: 'off'}}", {"services": {"w": {"tty": True, "init": False}}}),
        ("services: {w: {cpus: $HALF}}", {"services": {"w": {"cpus": Float32(0.5)}}}),
        ("services: {w: {ports: [{target: $ONE}]}}", {"services": {"w": {"ports": [{"target": 1}]}}}),
        ("services: {w: {ulimits: {n: $ONE}}}", {"services": {"w": {"ulimits": {"n": 1}}}}),
        ("services: {w: {ulimits: {n: {soft: $ONE}}}}", {"services": {"w": {"ulimits": {"n": {"soft": 1}}}}}),
        ("volumes: {v: {external: $YES}}", {"volumes": {"v": {"external": True}}}),
    ],
)
def test_values_change(text: str, expected: object) -> None:
    assert interpolated(text) == (expected, [])


@pytest.mark.parametrize("text", ["a: 1", "$A: x", "a: [null, true, 1.5, plain]", "services: {w: {image: '1'}}"])
def test_values_stay(text: str) -> None:
    before = tree(text)

    assert interpolate(before, ENVIRONMENT.get, Diagnostics(), set()) is before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [x, '${']", "compose.yaml:1:8: error[interpolation-invalid]: a[1]: invalid interpolation format"),
        (
            "a: ${NO:?told}",
            "compose.yaml:1:4: error[variable-required]: a: required variable NO is missing a value: told",
        ),
        (
            "services: {w: {scale: $A}}",
            "compose.yaml:1:23: error[wrong-type]: services.w.scale: 'a' is not a whole number",
        ),
        (
            "services: {w: {tty: maybe}}",
            "compose.yaml:1:21: error[wrong-type]: services.w.tty: 'maybe' is not a boolean",
        ),
    ],
)
def test_what_cannot_be_is_told_with_its_place(text: str, told: str) -> None:
    _, found = interpolated(text)

    assert len(found) == 1
    assert found[0].startswith(told)


def test_all_problems_are_told() -> None:
    assert len(interpolated("a: ${\nb: ${NO?}\nservices: {w: {scale: x, tty: x}}")[1]) == 4


def test_an_unset_variable_is_told_once_with_its_place() -> None:
    document, told = interpolated("a: $NO\nb: $NO $NO2")

    assert document == {"a": "", "b": " "}
    assert [line.splitlines()[0] for line in told] == [
        'compose.yaml:1:4: warning[variable-unset]: the "NO" variable is not set, an empty string is used',
        'compose.yaml:2:4: warning[variable-unset]: the "NO2" variable is not set, an empty string is used',
    ]


@pytest.mark.parametrize("text", ["", "x", "1.5", "1_0", "0x1", "９", " 1", "1 ", "--1", "9" * 30, "9" * 10_000])
def test_no_whole_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a whole number"):
        integer(text)


@pytest.mark.parametrize("text", ["", "x", "1_0", " 1", "1,5", "１"])
def test_no_fraction(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        fraction(text)


@pytest.mark.parametrize("text", ["", "1", "t", "yep", "tru"])
def test_no_boolean(text: str) -> None:
    with pytest.raises(ValueError, match="is not a boolean"):
        boolean(text)


def test_casts() -> None:
    assert (integer("+7"), integer("-07"), fraction("1e2"), fraction32("0.1")) == (7, -7, 100.0, Float32(0.1))
    assert [boolean(word) for word in ("TRUE", "y", "On", "NO", "off")] == [True, True, True, False, False]


def test_every_cast_is_at_a_key_of_the_schema() -> None:
    known = {path.replace("[]", ".*") for path in key_paths()}

    assert set(CASTS) - known == set()
