"""One value of the tree to its type: every codec, what it omits, its messages and their spans."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.phases.codec import (
    COUNT,
    DURATION,
    DURATION_KEPT,
    ENVIRONMENT,
    FLAG,
    FLAG_KEPT,
    FRACTION,
    LABELS,
    MODE_KEPT,
    NATURAL,
    NATURAL_KEPT,
    PRINTED,
    SIZE,
    SIZE_KEPT,
    TEXT,
    TEXT_KEPT,
    WHOLE,
    WHOLE_KEPT,
    Codec,
    Extension,
    as_duration,
    as_fraction,
    as_is,
    as_mode,
    as_size,
    command,
    health_test,
    hosts,
    in_order,
    list_of,
    mapping_of,
    options,
    present,
    record,
    repeated,
    scalar,
    ulimit,
    variables,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from stackferry.grammar.compose.tree.node import Node, plain
from stackferry.grammar.diagnostics import Diagnostics, SourceError
from stackferry.grammar.files import Memory
from stackferry.grammar.key_path import Path
from tests import strategies
from tests.grammar.making import FILE, HERE, HOME, tree

LEFT_OUT = object()
"""What stands in a table for a codec's None."""

MIB = 1 << 20


def decode(codec: Codec, text: str, path: Path = ("w", "key")) -> tuple[Any, list[str]]:
    """The typed value of `key: text`, and what was said about it."""
    report = Diagnostics()
    node = tree(f"key: {text}").value["key"]
    found = codec(node, path, report)
    return (LEFT_OUT if found is None else plain(found)), [str(one) for one in report]


def error(message: str, column: int = 6, code: str = "wrong-type") -> str:
    return f"compose.yaml:1:{column}: error[{code}]: w.key: {message}"


@pytest.mark.parametrize(
    ("codec", "text", "expected"),
    [
        (TEXT, "a", "a"),
        (TEXT, "5", "5"),
        (TEXT, "''", LEFT_OUT),
        (TEXT, "null", LEFT_OUT),
        (TEXT_KEPT, "''", ""),
        (TEXT_KEPT, "null", LEFT_OUT),
        (PRINTED, "true", "true"),
        (PRINTED, "1.50", "1.5"),
        (PRINTED, "1e6", "1e+06"),
        (FLAG, "true", True),
        (FLAG, "'yes'", True),
        (FLAG, "false", LEFT_OUT),
        (FLAG_KEPT, "false", False),
        (FLAG_KEPT, "'off'", False),
        (WHOLE, "'-7'", -7),
        (WHOLE, "1.9", 1),
        (WHOLE, "-1.9", -1),
        (WHOLE, "0.5", LEFT_OUT),
        (WHOLE_KEPT, "0", 0),
        (NATURAL, "7", 7),
        (NATURAL, "0", LEFT_OUT),
        (NATURAL_KEPT, "0", 0),
        (FRACTION, "'0.5'", Float32(0.5)),
        (FRACTION, "1", Float32(1)),
        (FRACTION, "0.0", LEFT_OUT),
        (SIZE, "64m", Bytes(64 * MIB)),
        (SIZE, "'1024'", Bytes(1024)),
        (SIZE, "1.5", LEFT_OUT),
        (SIZE_KEPT, "0", Bytes(0)),
        (SIZE_KEPT, "-1", Bytes(-1)),
        (DURATION, "1m30s", Duration(90_000_000_000)),
        (DURATION, "0s", LEFT_OUT),
        (DURATION_KEPT, "0", Duration(0)),
        (MODE_KEPT, "0440", FileMode(0o440)),
        (MODE_KEPT, "'440'", FileMode(0o440)),
        (MODE_KEPT, "440", FileMode(440)),
        (COUNT, "all", -1),
        (COUNT, "ALL", -1),
        (COUNT, "'2'", 2),
        (COUNT, "0", LEFT_OUT),
    ],
)
def test_scalars(codec: Codec, text: str, expected: object) -> None:
    found, told = decode(codec, text)

    assert (found, told) == (expected, [])
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("codec", "text", "message"),
    [
        (TEXT, "true", "expected text (quote it), got true"),
        (TEXT, "1.5", "expected text (quote it), got 1.5"),
        (TEXT, "[a]", "expected text (quote it), got a list"),
        (TEXT, "{a: b}", "expected text (quote it), got a mapping"),
        (PRINTED, "[a]", "expected a single value, got a list"),
        (FLAG, "1", "expected true or false, got 1"),
        (WHOLE, "true", "expected a whole number, got true"),
        (WHOLE, ".inf", "expected a whole number, got +Inf"),
        (WHOLE, ".nan", "expected a whole number, got NaN"),
        (NATURAL, "-1", "-1 is negative"),
        (NATURAL, "'1'", "expected a number without quotes, got 1"),
        (FRACTION, "true", "expected a number, got true"),
        (FRACTION, "[]", "expected a number, got a list"),
        (SIZE, "64x", "invalid size '64x': write it as 512m, 1g or a number of bytes"),
        (SIZE, "'-1m'", "invalid size '-1m': write it as 512m, 1g or a number of bytes"),
        (DURATION, "90", "invalid duration '90': add a unit: 90s"),
        (DURATION, "soon", "invalid duration 'soon': write it as 30s, 1m30s or 1.5h"),
        (DURATION, "[1s]", "expected a single value, got a list"),
        (MODE_KEPT, "'0999'", "invalid mode '0999': write octal digits, such as 0444"),
        (MODE_KEPT, "1.5", "expected octal digits, got 1.5"),
        (MODE_KEPT, "true", "expected octal digits, got true"),
        (COUNT, "true", "expected a whole number, got true"),
    ],
)
def test_scalars_that_do_not_fit(codec: Codec, text: str, message: str) -> None:
    assert decode(codec, text) == (LEFT_OUT, [error(message)])


@pytest.mark.parametrize("codec", [FLAG, WHOLE, FRACTION, COUNT])
def test_a_word_that_is_no_value_is_told_at_its_place(codec: Codec) -> None:
    found, told = decode(codec, "many")

    assert found is LEFT_OUT
    assert [one.startswith("compose.yaml:1:6: error[wrong-type]: w.key: ") for one in told] == [True]
    assert "many" in told[0]


def test_a_scalar_that_has_its_type_is_the_very_node() -> None:
    node = Node("a")

    assert TEXT(node, (), Diagnostics()) is node
    assert scalar(str.upper)(node, (), Diagnostics()) == Node("A")


@given(st.integers(-(1 << 62), 1 << 62))
def test_a_duration_reads_back_what_it_writes(nanoseconds: int) -> None:
    # Beyond 2**53 the digits of a fraction are read as Go reads them, by way of a float.
    written = str(Duration(nanoseconds))

    assert as_duration(written) == nanoseconds
    assert type(as_duration(written)) is Duration


@given(st.integers(0, 1 << 53))
def test_a_size_reads_back_what_it_writes(size: int) -> None:
    assert as_size(str(Bytes(size))) == size
    assert as_size(size) == size


@given(st.integers(-(1 << 32), 1 << 32))
def test_a_mode_reads_back_what_it_writes(bits: int) -> None:
    # A sign stands behind the zero, which no reader takes: as Docker Compose writes it.
    if bits >= 0:
        assert as_mode(str(FileMode(bits))) == bits
    assert as_mode(bits) == bits


@given(st.floats(width=32, allow_nan=False))
def test_a_fraction_reads_back_what_it_writes(number: float) -> None:
    written = str(Float32(number))
    again = as_fraction(written)

    assert again == number
    assert math.copysign(1, again) == math.copysign(1, number)
    assert as_fraction(number) == number


@pytest.mark.parametrize(
    ("codec", "text", "expected"),
    [
        (list_of(TEXT), "[a, 5]", ["a", "5"]),
        (list_of(TEXT), "a", ["a"]),
        (list_of(TEXT), "[]", LEFT_OUT),
        (list_of(TEXT), "null", LEFT_OUT),
        (list_of(TEXT, keep_empty=True), "[]", []),
        (list_of(TEXT), "['', a, null]", ["a"]),
        (list_of(TEXT), "['']", []),
        (mapping_of(TEXT), "{b: x, a: 5}", {"a": "5", "b": "x"}),
        (mapping_of(TEXT), "{a10: x, a9: x}", {"a9": "x", "a10": "x"}),
        (mapping_of(TEXT), "{a: null, b: ''}", {}),
        (mapping_of(TEXT, keep_null=True), "{a: null, b: ''}", {"a": None, "b": None}),
        (mapping_of(TEXT), "{}", LEFT_OUT),
        (mapping_of(TEXT), "[a]", LEFT_OUT),
        (record({"b": TEXT, "a": FLAG}), "{a: true, b: x}", {"b": "x", "a": True}),
        (record({"b": TEXT}), "{b: x, other: y}", {"b": "x"}),
        (record({"b": TEXT}), "{x-2: {q: 1, p: 2}, b: x, x-1: null}", {"b": "x", "x-1": None, "x-2": {"p": 2, "q": 1}}),
        (record({"b": TEXT}), "{}", {}),
        (record({"b": TEXT}), "{b: ''}", {}),
        (record({"b": TEXT}), "null", LEFT_OUT),
        (record({"b": TEXT}, keep_empty=False), "{b: ''}", LEFT_OUT),
        (record({"b": TEXT}, keep_empty=False), "{x-a: null}", {"x-a": None}),
        (present(record({"b": TEXT})), "null", {}),
        (present(record({"b": TEXT})), "{b: x}", {"b": "x"}),
        (as_is, "{b: [1, null], a: x}", {"b": [1, None], "a": "x"}),
    ],
)
def test_lists_mappings_and_records(codec: Codec, text: str, expected: object) -> None:
    found, told = decode(codec, text)

    assert (found, told) == (expected, [])
    if isinstance(expected, dict):
        assert list(found) == list(expected)


def test_an_item_that_does_not_fit_is_left_out_and_has_its_index_and_place() -> None:
    assert decode(list_of(FLAG_KEPT), "[true, 1, false]") == (
        [True, False],
        ["compose.yaml:1:13: error[wrong-type]: w.key[1]: expected true or false, got 1"],
    )
    assert decode(mapping_of(record({"on": FLAG})), "{a: {on: 1}, b: {on: true}}") == (
        {"a": {}, "b": {"on": True}},
        ["compose.yaml:1:15: error[wrong-type]: w.key.a.on: expected true or false, got 1"],
    )


def test_what_an_x_key_holds_is_marked_as_such_and_nothing_else_is() -> None:
    node = record({"b": TEXT})(tree("{x-a: {y: 1}, b: x}"), (), Diagnostics())

    assert node is not None
    assert {name: type(child) for name, child in node.value.items()} == {"b": Node, "x-a": Extension}
    assert type(node.value["x-a"].value["y"]) is Node


def test_in_order_goes_all_the_way_down() -> None:
    node = in_order(tree("{b: [{d: 1, c: 2}], a10: 1, a9: null}"))

    assert list(node.value) == ["a9", "a10", "b"]
    assert list(node.value["b"].value[0].value) == ["c", "d"]


@pytest.mark.parametrize(
    ("codec", "text", "expected"),
    [
        (ENVIRONMENT, "{B: 1.50, A: true, C: }", {"A": "true", "B": "1.5", "C": None}),
        (ENVIRONMENT, "[B=1, A, C=, 'D=a=b']", {"A": None, "B": "1", "C": "", "D": "a=b"}),
        (ENVIRONMENT, "[A=1, A=2]", {"A": "2"}),
        (ENVIRONMENT, "{}", LEFT_OUT),
        (ENVIRONMENT, "[]", LEFT_OUT),
        (LABELS, "{a: , b: x}", {"a": "", "b": "x"}),
        (LABELS, "[a, b=x]", {"a": "", "b": "x"}),
        (LABELS, "['a =x']", {"a ": "x"}),
        (variables(nullable=True), "[5]", {"5": None}),
        (options, "{a: 1, b: null}", {"a": "1", "b": ""}),
        (options, "[a=1]", LEFT_OUT),
    ],
)
def test_variables(codec: Codec, text: str, expected: object) -> None:
    assert decode(codec, text) == (expected, [])


@pytest.mark.parametrize("key", ["environment", "args"])
def test_a_name_that_ends_with_a_space_is_refused_in_environments(key: str) -> None:
    assert decode(ENVIRONMENT, "[A=1, 'B =2']", ("w", key)) == (
        {"A": "1"},
        [
            (
                f"compose.yaml:1:12: error[variable-space]: w.{key}: variable 'B ' ends with a space"
                "\n  hint: remove the space: B=2"
            )
        ],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sh -c 'a b'", ["sh", "-c", "a b"]),
        ("''", []),
        ("[]", []),
        ("['', a b, 5]", ["", "a b", "5"]),
        ("null", LEFT_OUT),
        ("5", ["5"]),
    ],
)
def test_commands(text: str, expected: object) -> None:
    assert decode(command, text) == (expected, [])


def test_a_command_that_is_not_closed() -> None:
    told = error("unbalanced quotes or parentheses in command 'a \"b'", code="command-syntax")

    assert decode(command, "'a \"b'") == (LEFT_OUT, [f"{told}\n  hint: use the list form"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl x", ["CMD-SHELL", "curl x"]),
        ("[CMD, a]", ["CMD", "a"]),
        ("''", ["CMD-SHELL", ""]),
        ("[]", LEFT_OUT),
        ("null", LEFT_OUT),
    ],
)
def test_health_tests(text: str, expected: object) -> None:
    assert decode(health_test, text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("['b:1.1.1.1', 'a=2.2.2.2']", {"a": ["2.2.2.2"], "b": ["1.1.1.1"]}),
        ("['a=1.1.1.1', 'a:2.2.2.2']", {"a": ["1.1.1.1", "2.2.2.2"]}),
        ("['a=1.1.1.1,[::1]']", {"a": ["1.1.1.1", "::1"]}),
        ("['a:::1', 'b:[::1]']", {"a": ["::1"], "b": ["::1"]}),
        ("{b: 1.1.1.1, a: [2.2.2.2, '[::1]']}", {"a": ["2.2.2.2", "::1"], "b": ["1.1.1.1"]}),
        ("{a: null, b: []}", {"a": [""], "b": []}),
        ("['a=[]']", {"a": ["[]"]}),
        ("[]", LEFT_OUT),
        ("{}", LEFT_OUT),
        ("null", LEFT_OUT),
    ],
)
def test_extra_hosts(text: str, expected: object) -> None:
    assert decode(hosts, text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        (
            "['a:1.1.1.1', lost]",
            {"a": ["1.1.1.1"]},
            error("'lost' has no IP address\n  hint: write HOST=ADDRESS", 20, "host-syntax"),
        ),
        ("['=1.1.1.1']", LEFT_OUT, error("invalid host name ''", 7, "host-syntax")),
        ("['a:b=1.1.1.1']", LEFT_OUT, error("invalid host name 'a:b'", 7, "host-syntax")),
    ],
)
def test_extra_hosts_that_do_not_fit(text: str, expected: object, told: str) -> None:
    assert decode(hosts, text) == (expected, [told])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", 5),
        ("'-1'", -1),
        ("0", {"soft": 0, "hard": 0}),
        ("{hard: 2, soft: '1'}", {"soft": 1, "hard": 2}),
        ("{hard: 2}", {"soft": 0, "hard": 2}),
        ("{soft: -1, hard: -1}", {"soft": -1, "hard": -1}),
        ("null", LEFT_OUT),
    ],
)
def test_limits(text: str, expected: object) -> None:
    assert decode(ulimit, text) == (expected, [])


def test_a_limit_that_does_not_fit() -> None:
    assert decode(ulimit, "{soft: true, hard: 2}") == (
        {"soft": 0, "hard": 2},
        ["compose.yaml:1:13: error[wrong-type]: w.key.soft: expected a whole number, got true"],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{b: 1, a: [x, true]}", {"a": ["x", "true"], "b": ["1"]}),
        ("{a: []}", {"a": []}),
        ("{}", LEFT_OUT),
        ("[a]", LEFT_OUT),
    ],
)
def test_options_that_repeat(text: str, expected: object) -> None:
    assert decode(repeated, text) == (expected, [])


def test_words_of_a_command_and_addresses_of_a_host_stand_where_their_text_stands() -> None:
    report = Diagnostics()
    words = command(tree("command: a b").value["command"], (), report)
    several = hosts(tree("hosts: ['h=1.1.1.1,2.2.2.2']").value["hosts"], (), report)

    assert words is not None
    assert several is not None
    assert [str(one.span) for one in words.value] == ["compose.yaml:1:10"] * 2
    assert [str(one.span) for one in several.value["h"].value] == ["compose.yaml:1:9"] * 2


@given(strategies.chosen(strategies.SERVICE, 3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_canonical_service_is_its_own_canonical_service(keys: dict[str, Any]) -> None:
    """The pair as a whole: `canonical.py` writes what the codecs made, and they read it back as the same."""
    # The next tests have what does not read back.
    assume(keys.get("memswap_limit") != -1)
    # An empty `published` keeps two ports apart, and is not printed: so in Docker Compose.
    assume(not any(isinstance(port, dict) and port.get("published") == "" for port in keys.get("ports") or ()))
    try:
        first = canonical_of({"services": {"w": {"image": "x", **keys}}})
    except SourceError:
        assume(False)
    assume(not names_a_thing_twice(first) and "'extra_hosts': []" not in repr(first))

    assert canonical_of(first) == first


def names_a_thing_twice(document: Any) -> bool:
    """Whether some list has equal items: somebody spelled one thing in two ways."""
    if isinstance(document, dict):
        return any(names_a_thing_twice(child) for child in document.values())
    if isinstance(document, list):
        repeats = any(document[index] in document[:index] for index in range(len(document)))
        paths = [str(child["path"]) for child in document if isinstance(child, dict) and "path" in child]
        return repeats or len(set(paths)) < len(paths) or any(names_a_thing_twice(child) for child in document)
    return False


@pytest.mark.parametrize(
    ("keys", "once", "twice"),
    [
        (
            {"env_file": ["one.env", "./one.env"]},
            {"env_file": [{"path": f"{HERE}/one.env"}, {"path": f"{HERE}/one.env"}]},
            {"env_file": [{"path": f"{HERE}/one.env"}]},
        ),
        ({"extra_hosts": {"one": []}}, {"extra_hosts": []}, {}),
    ],
)
def test_what_is_written_and_read_back_as_less(
    keys: dict[str, Any], once: dict[str, Any], twice: dict[str, Any]
) -> None:
    rest = {"image": "x", "networks": {"default": None}}
    first = canonical_of({"services": {"w": {"image": "x", **keys}}})

    assert first["services"]["w"] == {**rest, **once}
    assert canonical_of(first)["services"]["w"] == {**rest, **twice}


@pytest.mark.parametrize(
    ("keys", "written", "told"),
    [
        ({"group_add": [1000, "1000"]}, ["1000", "1000"], r"group_add\[1\]: the item is in the list twice"),
        (
            {"extra_hosts": ["one:10.0.0.1", "one=10.0.0.1"]},
            ["one=10.0.0.1", "one=10.0.0.1"],
            r"extra_hosts\[1\]: the item is in the list twice",
        ),
    ],
)
def test_what_is_written_but_not_read_back_as_docker_compose_has_it(
    keys: dict[str, Any], written: object, told: str
) -> None:
    first = canonical_of({"services": {"w": {"image": "x", **keys}}})

    assert first["services"]["w"] == {"image": "x", "networks": {"default": None}} | dict.fromkeys(keys, written)
    with pytest.raises(SourceError, match=told):
        canonical_of(first)


def canonical_of(document: dict[str, Any]) -> dict[str, Any]:
    """Its canonical form; a `$` of a canonical document is doubled, as `config` prints it."""
    text = render_yaml(document)
    files = {FILE: text.replace("$", "$$") if "name" in document else text, "one.env": "A=1\n"}
    request = Request(files=(FILE,), project_name="shop", check_consistency=False, resolve_environment=False)
    return load(request, files=Memory(files, cwd=HERE, home=HOME), environment={"PORT": "80"}).canonical()
