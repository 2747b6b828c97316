"""Shapes: valid values, diagnostics for others, and the remaining tree."""

import pytest

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.schema import COMPOSE, key_paths
from stackferry.grammar.compose.validate.shape import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    TEXT,
    Shape,
    between,
    check,
    choice,
    listing,
    mapping,
    matching,
    named,
)
from stackferry.grammar.diagnostics import MOST, Diagnostics, SourceError
from tests.grammar.making import tree, value

PORT = mapping({"target": INTEGER | TEXT, "mode": choice("host", "ingress")}, needed=("target",))
SERVICE = mapping({"image": TEXT, "init": BOOLEAN, "ports": listing(INTEGER | TEXT | PORT, distinct=True)})
STACK = mapping({"name": TEXT, "services": named(SERVICE, r"^[a-z]+$"), "any": ANYTHING})


def checked(text: str, shape: Shape) -> tuple[Node | None, list[str]]:
    """The value of `a` as far as it fits, and what was said, without hints."""
    report = Diagnostics()
    node = tree(text).get("a")
    assert node is not None
    return check(node, shape, ("a",), report), [str(one).partition("\n")[0] for one in report]


def hints(text: str, shape: Shape) -> list[str]:
    """The remedies."""
    report = Diagnostics()
    check(tree(text), shape, (), report)
    return [one.hint for one in report]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a: x", TEXT),
        ("a: ''", TEXT),
        ("a: '2001-01-01'", TEXT),
        ("a: true", BOOLEAN),
        ("a: 1", INTEGER),
        ("a: 1.0", INTEGER),
        ("a: 1e3", INTEGER),
        ("a: -0", INTEGER),
        ("a: 1", NUMBER),
        ("a: 1.5", NUMBER),
        ("a: 2001-01-01", TEXT),
        ("a: 123456789012345678901234567890", NUMBER),
        ("a: ", NULL),
        ("a: x", TEXT | NULL),
        ("a: ~", TEXT | NULL),
        ("a: host", choice("host", "private")),
        ("a: xyz", matching("y", "y")),
        ("a: 0", between(0, 5)),
        ("a: 5", between(0, 5)),
        ("a: 5.0", between(0, 5)),
        ("a: '9'", between(0, 5) | TEXT),
        ("a: all", choice("all") | listing(TEXT)),
        ("a: [some]", choice("all") | listing(TEXT)),
        ("a: []", listing(TEXT)),
        ("a: [1, '1', true, 1.5, false, 0, '']", listing(NUMBER | TEXT | BOOLEAN, distinct=True)),
        (
            "a: [[], {}, [[]], null]",
            Shape("list", "mapping", "null", item=Shape("list", "mapping", "null"), distinct=True),
        ),
        ("a: {}", mapping({"b": TEXT})),
        ("a: {b: x, x-c: [1, {d: null}]}", mapping({"b": TEXT})),
        ("a: {b: x, c: 2001-01-01}", mapping({"b": TEXT}, closed=False)),
        ("a: {b: {c: [2001-01-01]}}", mapping({"b": ANYTHING})),
        ("a: {b: x, c: y}", named(TEXT)),
        ("a: {b: x, 'c d': y}", named(TEXT, "^[a-z]+$", closed=False)),
        ("a: {x-b: x}", named(TEXT)),
        ("a: [{target: 80}, 80, '80']", listing(INTEGER | TEXT | PORT, distinct=True)),
    ],
)
def test_what_fits_comes_back_untouched(text: str, shape: Shape) -> None:
    node = tree(text).get("a")
    assert node is not None
    report = Diagnostics()

    assert check(node, shape, ("a",), report) is node
    assert list(report) == []


@pytest.mark.parametrize(
    ("text", "shape", "said"),
    [
        ("a: 1", TEXT, "1:4: error[wrong-type]: a: expected text, got the number 1"),
        ("a: 1.5", TEXT, "1:4: error[wrong-type]: a: expected text, got the number 1.5"),
        (
            "a: 2001-01-01",
            choice("x"),
            "1:4: error[wrong-value]: a: '2001-01-01T00:00:00Z' is not a known value",
        ),
        ("a: {}", TEXT, "1:4: error[wrong-type]: a: expected text, got a mapping"),
        ("a: x", BOOLEAN, "1:4: error[wrong-type]: a: expected true or false, got text"),
        ("a: 0", BOOLEAN, "1:4: error[wrong-type]: a: expected true or false, got the number 0"),
        ("a: 1.5", INTEGER, "1:4: error[wrong-type]: a: expected a whole number, got the number 1.5"),
        ("a: .inf", INTEGER, "1:4: error[wrong-value]: a: +Inf is not a valid JSON number"),
        ("a: .nan", INTEGER, "1:4: error[wrong-value]: a: NaN is not a valid JSON number"),
        ("a: '1'", NUMBER, "1:4: error[wrong-type]: a: expected a number, got text"),
        ("a: x", NULL, "1:4: error[wrong-type]: a: expected nothing, got text"),
        ("a:\n  b: 1", listing(TEXT), "2:3: error[wrong-type]: a: expected a list, got a mapping"),
        ("a:\n", NUMBER | TEXT, "1:3: error[wrong-type]: a: expected text or a number, got nothing"),
        (
            "a: 2001-01-01",
            NULL | BOOLEAN | NUMBER | listing(TEXT),
            "1:4: error[wrong-type]: a: expected true or false, a number, nothing or a list, got the date 2001-01-01",
        ),
        ("a: hst", choice("host"), "1:4: error[wrong-value]: a: 'hst' is not a known value"),
        ("a: xyz", matching("^y", "begin with y"), "1:4: error[wrong-value]: a: 'xyz' is not allowed here"),
        ("a: -1", between(0, 5), "1:4: error[wrong-value]: a: -1 is not between 0 and 5"),
        ("a: 6", between(0, 5) | TEXT, "1:4: error[wrong-value]: a: 6 is not between 0 and 5"),
        ("a: 6.0", between(0, 5), "1:4: error[wrong-value]: a: 6.0 is not between 0 and 5"),
        ("a: {c: x}", mapping({}, needed=("b",), closed=False), "1:1: error[missing-key]: a: the key 'b' is required"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place_and_goes(text: str, shape: Shape, said: str) -> None:
    assert checked(text, shape) == (None, [f"compose.yaml:{said}"])


@pytest.mark.parametrize("shape", [TEXT, INTEGER, NUMBER])
def test_a_boolean_is_neither_text_nor_a_number(shape: Shape) -> None:
    node, [said] = checked("a: true", shape)

    assert node is None
    assert said.startswith("compose.yaml:1:4: error[wrong-type]: a: expected ")


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ("[x, y, x]", ["1:11: a[2] 1"]),
        ("[1, 2, 1.0]", ["1:11: a[2] 1"]),
        ("[x,\n x,\n x]", ["2:2: a[1] 1", "3:2: a[2] 1"]),
        ("[{target: 1, mode: host}, {mode: host, target: 1}]", ["1:30: a[1] 1"]),
        ("[1, '1', 1.5, '1.5']", []),
        ("[{target: 1}, {target: '1'}]", []),
    ],
)
def test_an_item_that_stands_twice_is_told_at_its_second_place_and_stays(items: str, told: list[str]) -> None:
    node, said = checked(f"a: {items}", listing(NUMBER | TEXT | PORT, distinct=True))

    assert said == [
        f"compose.yaml:{place} error[duplicate-item]: {path}: the item is in the list twice, first at line {line}"
        for place, path, line in map(str.split, told)
    ]
    assert node is not None
    assert value(node) == value(tree(f"a: {items}"))["a"]


ALL_WRONG = """\
nam: shop
any: {thing: [2001-01-01]}
services:
  web:
    image: 1
    imge: x
    ports:
      - 80
      - {mode: host}
      - {target: 81, mode: hots, other: 1}
      - 80
      - null
    x-mine: {a: [null]}
    endless: .inf
  Web: {image: x}
  off:
    init: "yes"
x-top: [1]
"""

SAID = """\
compose.yaml:1:1: error[unknown-key]: unknown key 'nam' in the top level
  hint: did you mean 'name'?
compose.yaml:5:12: error[wrong-type]: services.web.image: expected text, got the number 1
  hint: quote it to make it text: "1"
compose.yaml:6:5: error[unknown-key]: unknown key 'imge' in services.web
  hint: did you mean 'image'?
compose.yaml:9:9: error[missing-key]: services.web.ports[1]: the key 'target' is required
compose.yaml:10:28: error[wrong-value]: services.web.ports[2].mode: 'hots' is not a known value
  hint: did you mean 'host'?
compose.yaml:10:34: error[unknown-key]: unknown key 'other' in services.web.ports[2]
  hint: custom keys must start with x-
compose.yaml:12:9: error[wrong-type]: services.web.ports[4]: expected text, a whole number or a mapping, got nothing
  hint: remove the key, or give it a value
compose.yaml:11:9: error[duplicate-item]: services.web.ports[3]: the item is in the list twice, first at line 8
compose.yaml:14:5: error[unknown-key]: unknown key 'endless' in services.web
  hint: custom keys must start with x-
compose.yaml:15:3: error[wrong-name]: services: 'Web' is not a valid name
  hint: use only letters, digits, '.', '_' and '-'
compose.yaml:17:11: error[wrong-type]: services.off.init: expected true or false, got text"""


def test_all_misfits_are_told_at_once_and_the_rest_goes_on() -> None:
    report = Diagnostics()
    root = tree(ALL_WRONG)
    before = value(root)
    left = check(root, STACK, (), report)

    assert "\n".join(str(one) for one in report) == SAID
    assert left is not None
    assert value(left) == {
        "any": value(tree("a: {thing: [2001-01-01]}"))["a"],
        "services": {
            "web": {"ports": [80, {"target": 81}, 80], "x-mine": {"a": [None]}},
            "off": {},
        },
        "x-top": [1],
    }
    assert value(root) == before


def test_what_is_left_fits_but_for_what_stands_twice() -> None:
    left = check(tree(ALL_WRONG), STACK, (), Diagnostics())
    assert left is not None
    report = Diagnostics()

    assert check(left, STACK, (), report) is left
    assert [one.code for one in report] == ["duplicate-item"]


def test_parts_that_fit_are_shared() -> None:
    root = tree("services: {a: {image: x}, b: {imge: x}}\nx-top: 1")
    left = check(root, STACK, (), Diagnostics())

    assert left is not None
    assert left.at(("services", "a")) is root.at(("services", "a"))
    assert left.get("x-top") is root.get("x-top")
    assert left.at(("services", "b")) == root.at(("services", "b"))._replace(value={})  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("name: 1", 'quote it to make it text: "1"'),
        ("name: true", 'quote it to make it text: "true"'),
        ("name: ", "remove the key, or give it a value"),
        ("name: []", "if it is meant as text, quote the whole value"),
        ("services: {image: nginx}", "indent 'image' by one more level"),
        ("services: {web: nginx}", "write it on its own line, indented: image: nginx"),
        ("services: {web: {ports: [{target: 1, mode: zzz}]}}", "one of host, ingress"),
        ("services: {web: {Image: x}}", "did you mean 'image'?"),
        ("services: {web: {zzz: x}}", "custom keys must start with x-"),
        ("services: {'a b': {}}", "use only letters, digits, '.', '_' and '-'"),
    ],
)
def test_the_remedy(text: str, hint: str) -> None:
    assert hints(text, STACK) == [hint]


def test_a_document_of_another_kind_is_named_so() -> None:
    report = Diagnostics()
    assert check(tree("[1]"), STACK, (), report) is None
    assert [str(one) for one in report] == [
        "compose.yaml:1:1: error[wrong-type]: the document: expected a mapping, got a list"
    ]


def test_x_keys_are_for_records_only() -> None:
    node, said = checked("a: {x-b: 1}", named(TEXT))
    assert (value(node or Node(None)), said) == (
        {},
        ["compose.yaml:1:10: error[wrong-type]: a.x-b: expected text, got the number 1"],
    )


def test_a_hundred_problems_are_enough() -> None:
    with pytest.raises(SourceError) as caught:
        checked(f"a: [{', '.join('1' for _ in range(MOST + 5))}]", listing(TEXT))

    assert [one.code for one in caught.value.diagnostics] == ["wrong-type"] * MOST + ["too-many-problems"]


def test_alternatives_are_joined_whichever_comes_first() -> None:
    for shape in (choice("all") | listing(TEXT, distinct=True), listing(TEXT, distinct=True) | choice("all")):
        assert shape.kinds == {"text", "list"}
        assert (shape.options, shape.distinct, shape.closed) == (("all",), True, True)
    assert not (TEXT | named(TEXT, closed=False)).closed


def test_paths_name_every_key_below() -> None:
    assert list(STACK.paths()) == [
        "name",
        "services",
        "services.*",
        "services.*.image",
        "services.*.init",
        "services.*.ports",
        "services.*.ports[].target",
        "services.*.ports[].mode",
        "any",
    ]
    assert list(listing(listing(PORT)).paths("a")) == ["a[][].target", "a[][].mode"]
    assert {"services.*.ports[].target", "networks.*.ipam.config[].subnet", "include[].path"} <= set(key_paths())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "services:\n  web: {cpu_percent: 101}",
            "2:22: error[wrong-value]: services.web.cpu_percent: 101 is not between 0 and 100",
        ),
        (
            "services:\n  web: {container_name: '-'}",
            "2:25: error[wrong-value]: services.web.container_name: '-' is not allowed here",
        ),
        (
            "services: {web: {depends_on: {db: {}}}}",
            "1:31: error[missing-key]: services.web.depends_on.db: the key 'condition' is required",
        ),
        (
            "services: {web: {ulimits: {n: {soft: 1}}}}",
            "1:28: error[missing-key]: services.web.ulimits.n: the key 'hard' is required",
        ),
    ],
)
def test_the_table_of_compose(text: str, said: str) -> None:
    report = Diagnostics()
    check(tree(text), COMPOSE, (), report)

    assert [str(one).partition("\n")[0] for one in report] == [f"compose.yaml:{said}"]
