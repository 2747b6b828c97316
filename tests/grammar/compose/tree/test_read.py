"""YAML to trees: positions, anchors, merge keys, tags, several documents, and all errors."""

import pytest

from stackferry.grammar.compose.tree.node import plain
from stackferry.grammar.compose.tree.read import DEEPEST, EXPANSION, VALUES, Document, read
from stackferry.grammar.diagnostics import Diagnostics


def documents(text: str | bytes) -> tuple[list[Document], list[str]]:
    report = Diagnostics()
    content = text.encode() if isinstance(text, str) else text
    found = read("f.yaml", content, report)
    return found, [str(one).splitlines()[0] for one in report]


def value(text: str | bytes) -> object:
    found, told = documents(text)
    assert told == []
    assert len(found) == 1
    return plain(found[0].root)


def refused(text: str | bytes) -> str:
    """The only complaint."""
    _, told = documents(text)
    assert len(told) == 1
    return told[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: [x, 'y', \"z\\n\"]\n", {"a": 1, "b": ["x", "y", "z\n"]}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("'1': '1'\n\"true\": yes\n", {"1": "1", "true": "yes"}),
        ("a:\nb: ~\nc: ''\n", {"a": None, "b": None, "c": ""}),
        ("a: !!str 1\nb: ! 2\nc: !custom x\nd: !!int '3'\n", {"a": "1", "b": "2", "c": "x", "d": 3}),
        ("", None),
        ("# nothing\n", None),
        ("%YAML 1.2\n---\na: b\n", {"a": "b"}),
        ("\ufeffa: b\n", {"a": "b"}),
    ],
)
def test_values(text: str, expected: object) -> None:
    found, told = documents(text)

    assert told == []
    assert [plain(one.root) for one in found] == ([expected] if expected is not None else [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_a_byte_order_mark_is_read_as_docker_compose_reads_it(encoding: str) -> None:
    assert value(("\ufeff" if encoding != "utf-16" else "").encode(encoding) + "a: ä\n".encode(encoding)) == {"a": "ä"}


def test_every_value_knows_its_place_and_its_keys() -> None:
    found, _ = documents("a:\n  - b: c\n    d: e\n")
    places = {path: (node.span, node.key_span) for path, node in found[0].root.walk()}

    assert {path: (span and span[1:], key and key[1:]) for path, (span, key) in places.items()} == {
        ("a",): ((2, 3), (1, 1)),
        ("a", 0): ((2, 5), (2, 5)),
        ("a", 0, "b"): ((2, 8), (2, 5)),
        ("a", 0, "d"): ((3, 8), (3, 5)),
    }


def test_several_documents_have_anchors_of_their_own() -> None:
    found, told = documents("a: &x 1\n---\nb: &x 2\nc: *x\n---\n")

    assert told == []
    assert [plain(one.root) for one in found] == [{"a": 1}, {"b": 2, "c": 2}, None]
    assert "unknown anchor 'x'" in refused("a: &x 1\n---\nb: *x\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x {k: 1}\nb: *x\n", {"a": {"k": 1}, "b": {"k": 1}}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("&x a: 1\nb: *x\n", {"a": 1, "b": "a"}),
        ("a: &x {k: 1, l: 1}\nb: {<<: *x, k: 2}\n", {"a": {"k": 1, "l": 1}, "b": {"k": 2, "l": 1}}),
        ("a: &x {k: 1, l: 1}\nb: {k: 2, <<: *x}\n", {"a": {"k": 1, "l": 1}, "b": {"k": 2, "l": 1}}),
        ("b: {<<: [{k: 1}, {k: 2, l: 2}]}\n", {"b": {"k": 1, "l": 2}}),
        ("b: {<<: {k: null}, k: ~}\n", {"b": {"k": None}}),
        ("b: {'<<': 1}\n", {"b": {"<<": 1}}),
        ("a: &x {<<: {k: 1}, l: 2}\nb: {<<: *x}\n", {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}}),
    ],
)
def test_anchors_and_merge_keys(text: str, expected: object) -> None:
    assert value(text) == expected


def test_a_merged_value_is_said_to_stand_where_it_was_written() -> None:
    found, _ = documents("a: &x\n  k: 1\nb:\n  <<: *x\n")
    node = found[0].root.at(("b", "k"))

    assert node is not None
    assert node.span is not None
    assert node.span[1:] == (2, 6)


@pytest.mark.parametrize(
    ("text", "expected", "resets"),
    [
        ("a: {b: !reset 1, c: 2}\n", {"a": {"c": 2}}, [("a", "b")]),
        ("a: {b: !override {x: 1}, c: 2}\n", {"a": {"b": {"x": 1}, "c": 2}}, [("a", "b")]),
        ("a: !reset\nb: 1\n", {"b": 1}, [("a",)]),
        ("a: [!reset x, y]\n", {"a": ["y"]}, [("a", 0)]),
        ("a: !override {b: !reset 1, c: 1}\n", {"a": {"c": 1}}, [("a",)]),
        ("a: !override [1]\n", {"a": [1]}, [("a",)]),
        ("a: {<<: {b: 1}, b: !reset 2}\n", {"a": {"b": 1}}, [("a", "b")]),
        ("a: &x !override [1]\nb: *x\n", {"a": [1], "b": [1]}, [("a",), ("b",)]),
        ("a: &x !reset 1\nb: {c: *x, d: [*x, 1]}\n", {"b": {"d": [1]}}, [("a",), ("b", "c"), ("b", "d", 0)]),
        (
            "a: &x {b: !reset 1}\nc: *x\nd: {<<: *x}\n",
            {"a": {}, "c": {}, "d": {}},
            [("a", "b"), ("c", "b"), ("d", "b")],
        ),
        ("a: {<<: !reset {b: 1}, c: 1}\n", {"a": {"c": 1}}, [("a",)]),
        ("a: {<<: !override {b: 1}, c: 1}\n", {"a": {"b": 1, "c": 1}}, [("a",)]),
        ("a: {<<: [{b: !reset 1}, !reset {d: 1}, {e: !override 2}], c: 1}\n", {"a": {"c": 1, "e": "2"}}, []),
        ("!reset a: 1\n", None, []),
    ],
)
def test_reset_and_override(text: str, expected: object, resets: list[tuple[str | int, ...]]) -> None:
    if expected is None:
        assert "non-string key" in refused(text)
        return
    found, told = documents(text)

    assert told == []
    assert plain(found[0].root) == expected
    assert list(found[0].resets) == resets


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1\n", "f.yaml:1:4: error[yaml-syntax]: [ is never closed"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: error[yaml-syntax]: a tab is used for indentation"),
        ("a: b: c\n", "f.yaml:1:5: error[yaml-syntax]: a colon inside an unquoted value"),
        ("a: 'x\n", "f.yaml:1:4: error[yaml-syntax]: the quote ' is never closed"),
        ("a: *x\n", "f.yaml:1:4: error[yaml-alias]: unknown anchor 'x' referenced"),
        ("a: !no!tag x\n", "f.yaml:1:4: error[yaml-syntax]: while parsing a node found undefined tag handle"),
        ("a: &x [*x]\n", "f.yaml:1:8: error[yaml-cycle]: anchor 'x' contains itself"),
        ("w: &w {<<: *w}\n", "f.yaml:1:12: error[yaml-cycle]: anchor 'w' contains itself"),
        ("w: &w\n  a: {b: [{<<: *w}]}\n", "f.yaml:2:16: error[yaml-cycle]: anchor 'w' contains itself"),
        ("a: {<<: 1}\n", "f.yaml:1:9: error[yaml-merge]: a merge key takes a mapping or a list of mappings"),
        ("a: {<<: [{}, x]}\n", "f.yaml:1:14: error[yaml-merge]: a merge key takes a mapping or a list of mappings"),
        ("a: !!int x\n", "f.yaml:1:4: error[yaml-tag]: cannot decode `x` as an integer"),
        ("a: 1\na: 2\n", "f.yaml:2:1: error[yaml-duplicate-key]: key 'a' is already defined at line 1"),
        ("a: {<<: {}, <<: {}}\n", "f.yaml:1:13: error[yaml-duplicate-key]: key '<<' is already defined at line 1"),
        ("1: x\n", "f.yaml:1:1: error[yaml-key]: non-string key: 1"),
        ("null: x\n", "f.yaml:1:1: error[yaml-key]: non-string key: null"),
        ("true: x\n", "f.yaml:1:1: error[yaml-key]: non-string key: true"),
        ("? [a]\n: x\n", "f.yaml:1:3: error[yaml-key]: non-string key: a list"),
        ("? {a: b}\n: x\n", "f.yaml:1:3: error[yaml-key]: non-string key: a mapping"),
    ],
)
def test_what_is_refused_and_where(text: str, told: str) -> None:
    assert refused(text).startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: 1\nb: \xe9\n", "f.yaml:2:4: error[yaml-encoding]: not valid UTF-8"),
        (b"a: \xed\xa0\x80", "f.yaml:1:4: error[yaml-encoding]"),
        (b"a: x\0y\n", "f.yaml:1:5: error[yaml-encoding]"),
        (b"\0" * 100, "f.yaml:1:1: error[yaml-encoding]"),
        ("a: x\n".encode("utf-32"), "f.yaml:1:3: error[yaml-encoding]"),
        (b"\xff\xfea", "f.yaml:1:"),
    ],
)
def test_bytes_that_are_no_text(content: bytes, told: str) -> None:
    assert refused(content).startswith(told)


def test_duplicates_and_wrong_keys_are_all_told_and_the_rest_is_read() -> None:
    found, told = documents("a: 1\na: 2\n3: x\nb: {c: 1, c: 2}\n")

    assert [line.split(":", 3)[1:3] for line in told] == [["2", "1"], ["3", "1"], ["4", "11"]]
    assert plain(found[0].root) == {"a": 1, "b": {"c": 1}}


def test_after_a_syntax_error_nothing_is_read() -> None:
    found, told = documents("a: 1\n---\nb: [\n")

    assert found == []
    assert len(told) == 1


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "\n"), ("&a [", "]"), ("!!seq [", "]"), ("? ", "")]
)
def test_nesting_ends_somewhere(opening: str, closing: str) -> None:
    assert f"error[yaml-too-deep]: nested more than {DEEPEST} levels deep" in refused(
        opening * 10_000 + "x" + closing * 10_000
    )


def test_nesting_up_to_the_limit_is_read() -> None:
    assert value("[" * DEEPEST + "]" * DEEPEST) is not None
    assert "too-deep" in refused("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2))


def chain(item: str, more: str) -> str:
    """Ten anchors, each of which names the one before ten times."""
    lines = [f"x0: &x0 {item}"]
    for level in range(1, 10):
        inner = ", ".join(more.format(f"*x{level - 1}", number) for number in range(10))
        lines.append(f"x{level}: &x{level} " + (f"[{inner}]" if "k" not in more else f"{{{inner}}}"))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        chain("lol", "{0}"),
        chain("{a: 1}", "k{1}: {0}"),
        chain("{a: 1}", "{{<<: {0}, x{1}: 1}}"),
        "a: &a [" + "x," * 10_000 + "]\nb: [" + "*a," * 100 + "]\n",
        "a: &a {" + ",".join(f"k{number}: 1" for number in range(10_000)) + "}\nb: [" + "{<<: *a}," * 100 + "]\n",
        "a: &a {" + ",".join(f"k{number}: 1" for number in range(10_000)) + "}\nb: {<<: [" + "*a," * 100 + "]}\n",
    ],
    ids=["lists", "mappings", "merge keys", "wide list", "wide merges", "one wide merge"],
)
def test_aliases_cannot_multiply_without_end(text: str) -> None:
    assert f"error[yaml-alias-bomb]: aliases expand to more than {EXPANSION:,} values" in refused(text)


def test_honest_aliases_are_not_mistaken_for_a_bomb() -> None:
    shared = "x: &x {" + ", ".join(f"k{number}: v" for number in range(100)) + "}\n"

    assert value(shared + "".join(f"s{number}: *x\n" for number in range(1_000)))


@pytest.mark.parametrize("text", ["a: [{}x]\n", "a: [{}]\nb: {{c: d}}\n"])
def test_a_document_has_so_many_values_and_no_more(text: str) -> None:
    most = "x," * (VALUES - 4)

    assert read("compose.yaml", ("---\n" + text.format(most) + "---\na: b\n").encode(), Diagnostics())
    assert f"error[yaml-too-large]: more than {VALUES:,} values in one document" in refused(text.format(most + "x,x,"))
