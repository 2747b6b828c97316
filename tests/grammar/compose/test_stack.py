"""The files of one stack to one tree: how each file is interpreted, in which order, and what stops there."""

import dataclasses

import pytest

from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.stack import DEEPEST, OVERRIDES, Shared, Stack
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics, SourceError
from stackferry.grammar.files import Memory
from tests.grammar.making import FILE, HERE, config, loaded, problems, tree, value, warnings


class Counting(Memory):
    """Files in memory that remember what was read."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files, cwd=HERE)
        self.reads: list[str] = []

    def read(self, path: str) -> bytes:
        """The content held for `path`."""
        self.reads.append(path)
        return super().read(path)


def stack(files: dict[str, str], *paths: str, **shared: object) -> Stack:
    """A stack of files in the project's directory; `compose.yaml` if none is named."""
    with_defaults = Shared(Counting(files), Diagnostics(), show=lambda path: path.removeprefix(f"{HERE}/"))
    absolute = tuple(f"{HERE}/{path}" for path in paths or (FILE,))
    return Stack(dataclasses.replace(with_defaults, **shared), absolute, HERE, HERE, {"TAG": "1"})  # type: ignore[arg-type]


def said(of: Stack) -> list[str]:
    """What was reported, without hints."""
    return [str(one).partition("\n  hint")[0] for one in of.shared.report]


FILES = {
    FILE: """\
version: "3"
include: [sub/inner.yaml]
services:
  web:
    extends: {file: sub/base.yaml, service: base}
    image: web:$TAG
    ports: ["80:80"]
    environment: [TAG, OTHER]
""",
    "over.yaml": """\
services:
  web:
    ports: !override ["81:81"]
    init: true
configs: {c: {environment: TAG}}
""",
    "sub/inner.yaml": "services: {db: {image: 'db:$TAG$SUB', volumes: ['./data:/data']}}\n",
    "sub/.env": "SUB=-sub\nTAG=2\n",
    "sub/base.yaml": "services: {base: {volumes: ['./web:/web', 'named:/n'], cap_add: [A]}}\nvolumes: {named: }\n",
}

TREE = """\
services:
  db:
    image: db:1-sub
    volumes:
      - type: bind
        source: /home/me/shop/sub/data
        target: /data
        bind:
          create_host_path: true
  web:
    volumes:
      - type: bind
        source: /home/me/shop/sub/web
        target: /web
        bind:
          create_host_path: true
      - type: volume
        source: named
        target: /n
        volume: {}
    cap_add:
      - A
    image: web:1
    environment:
      - TAG=1
      - OTHER
    ports:
      - target: 81
        published: "81"
        protocol: tcp
        mode: ingress
    init: true
configs:
  c:
    environment: TAG
    content: "1"
"""


def test_all_that_files_bring_comes_together_in_one_tree() -> None:
    made = stack(FILES, FILE, "over.yaml")
    root = made.load()

    assert sorted_keys(root) == sorted_keys(tree(TREE))
    assert said(made) == [
        "compose.yaml:1:1: warning[version-obsolete]: the attribute `version` is obsolete and is ignored"
    ]
    assert made.shared.sources == {name: FILES[name] for name in (FILE, "over.yaml", "sub/inner.yaml", "sub/base.yaml")}


def sorted_keys(root: Node) -> str:
    """The text of a tree; the order of keys is settled by a later phase."""

    def ordered(node: object) -> object:
        if isinstance(node, dict):
            return {name: ordered(node[name]) for name in sorted(node)}
        return [ordered(child) for child in node] if isinstance(node, list) else node

    return render_yaml(ordered(value(root)))


def test_what_loading_obeys_is_spent_and_not_in_the_tree() -> None:
    made = stack(FILES, FILE, "over.yaml")
    root = made.load()

    assert [(".".join(map(str, path)), str(span)) for path, span in made.shared.spent] == [
        ("include", "compose.yaml:2:1"),
        ("include.0", "compose.yaml:2:11"),
        ("services.web.extends", "compose.yaml:5:5"),
        ("services.web.extends.file", "compose.yaml:5:15"),
        ("services.web.extends.service", "compose.yaml:5:36"),
        ("version", "compose.yaml:1:1"),
    ]
    assert not {"include", "version"} & root.value.keys()
    assert root.at(("services", "web", "extends")) is None


def test_nothing_is_spent_where_nothing_was_written() -> None:
    made = stack({FILE: ""})
    made.spend(("version",), None)
    made.spend(("include",), Node([Node("added")]))

    assert made.shared.spent == []


@pytest.mark.parametrize(
    ("text", "sees"),
    [
        ("image: x:$TAG", {"image": "x:$TAG"}),
        ("image: '${'", {"image": "${"}),
        ("scale: '2'", {"scale": "2"}),
    ],
)
def test_without_interpolation_text_stays(text: str, sees: object) -> None:
    made = stack({FILE: f"services: {{w: {{{text}}}}}"}, interpolate=False)

    assert (value(made.load())["services"]["w"], said(made)) == (sees, [])


def test_without_paths_the_outer_files_keep_theirs_and_included_ones_are_made_relative() -> None:
    files = {
        FILE: "include: [sub/i.yaml]\nservices: {w: {build: ./w}}",
        "sub/i.yaml": "services: {i: {build: ./i}, j: {build: /j}}",
    }
    made = dataclasses.replace(stack(files, resolve_paths=False), prefix=".")
    services = value(made.load())["services"]

    assert {name: services[name]["build"]["context"] for name in services} == {"w": "./w", "i": "sub/i", "j": "/j"}


def test_a_file_is_read_once_however_often_it_is_extended() -> None:
    services = "".join(f"  s{n}: {{extends: {{file: base.yaml, service: b}}}}\n" for n in range(5))
    made = stack({FILE: f"services:\n{services}", "base.yaml": "services: {b: {image: x}}"})
    made.load()

    assert isinstance(made.shared.files, Counting)
    assert made.shared.files.reads == [f"{HERE}/{FILE}", f"{HERE}/base.yaml"]


def test_documents_of_a_file_are_its_parts_in_order_and_stand_for_one_file() -> None:
    made = stack({FILE: "services: {a: {image: x}}\n---\nservices: {a: {image: y}}\n"})

    assert [value(one.root) for one in made.documents(f"{HERE}/{FILE}")] == [
        {"services": {"a": {"image": "x"}}},
        {"services": {"a": {"image": "y"}}},
    ]
    assert value(made.load()) == {"services": {"a": {"image": "y"}}}


def test_standard_input_is_a_file_named_dash_and_is_asked_for_once() -> None:
    asked: list[int] = []

    def stdin() -> bytes:
        asked.append(1)
        return b"services: {w: {image: 1}}"

    made = dataclasses.replace(stack({}, stdin=stdin), paths=("-", "-"))
    made.load()

    assert (len(asked), sorted(set(said(made)))) == (
        1,
        ["-:1:23: error[wrong-type]: services.w.image: expected text, got the number 1"],
    )
    assert made.shared.sources == {"-": "services: {w: {image: 1}}"}


def test_a_dash_without_standard_input_is_a_file_that_is_not_there() -> None:
    made = dataclasses.replace(stack({}), paths=("-",))

    assert (value(made.load()), said(made)) == (
        {},
        ["error[file-unreadable]: cannot read -: No such file or directory"],
    )


def test_text_that_is_not_unicode_is_kept_for_showing() -> None:
    made = dataclasses.replace(stack({}, stdin=lambda: b"services: {w: {image: \xff}}\n"), paths=("-",))
    made.load()

    assert made.shared.sources == {"-": "services: {w: {image: \ufffd}}\n"}
    assert [one.code for one in made.shared.report] == ["yaml-encoding"]


CYCLE = "files include each other in a cycle:\n  "


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {FILE: "- a\n--- text\n---\nservices: {w: {image: x}}\n---\n"},
            [
                "compose.yaml:1:1: error[wrong-type]: the document: expected a mapping",
                "compose.yaml:2:5: error[wrong-type]: the document: expected a mapping",
                "compose.yaml:6:1: error[wrong-type]: the document: expected a mapping",
            ],
        ),
        (
            {FILE: "include:\n  - no.yaml\n  - sub\n", "sub/x": ""},
            [
                "compose.yaml:2:5: error[file-unreadable]: cannot read no.yaml: No such file or directory",
                "compose.yaml:3:5: error[file-unreadable]: cannot read sub: Is a directory",
            ],
        ),
        (
            {FILE: "include: [a.yaml]\n", "a.yaml": "include: [compose.yaml]\nnetworks: [n]\n"},
            [
                f"a.yaml:1:11: error[include-cycle]: {CYCLE}compose.yaml\n  includes a.yaml\n  includes compose.yaml",
                "a.yaml:2:11: error[wrong-type]: networks: expected a mapping, got a list",
            ],
        ),
        (
            {FILE: "include: [./sub/../compose.yaml]\n"},
            [f"compose.yaml:1:11: error[include-cycle]: {CYCLE}compose.yaml\n  includes compose.yaml"],
        ),
        (
            {FILE: "include: [{path: a.yaml, env_file: no.env}]\n", "a.yaml": "services: {v: {image: x}}"},
            ["compose.yaml:1:36: error[env-file-missing]: env file no.env not found"],
        ),
        (
            {FILE: "services: {w: {extends: {file: no.yaml, service: a}}}"},
            ["compose.yaml:1:32: error[file-unreadable]: cannot read no.yaml: No such file or directory"],
        ),
        (
            {FILE: "services: {w: {extends: {file: b.yaml, service: a}}}", "b.yaml": "networks: {}"},
            ["compose.yaml:1:32: error[extends-unknown]: b.yaml defines no services to extend"],
        ),
        (
            {FILE: "services: {w: {extends: {file: b.yaml, service: a}}}", "b.yaml": "- a"},
            ["compose.yaml:1:32: error[extends-unknown]: b.yaml defines no services to extend"],
        ),
        (
            {FILE: "services: {w: {extends: {file: b.yaml, service: a}}}", "b.yaml": "services: {a: {imag: '${'}}"},
            [
                "b.yaml:1:23: error[interpolation-invalid]: services.a.imag: invalid interpolation format: '${'",
                "b.yaml:1:16: error[unknown-key]: unknown key 'imag' in services.w",
            ],
        ),
        (
            {FILE: "version: 3\nservices: {w: {image: x}}"},
            ["compose.yaml:1:10: error[wrong-type]: version: expected text, got the number 3"],
        ),
    ],
)
def test_what_is_refused_and_where(files: dict[str, str], told: list[str]) -> None:
    made = stack(files)
    made.load()

    assert said(made) == told


def test_a_file_that_cannot_be_read_hides_nothing_of_the_others() -> None:
    files = {FILE: "services: {w: {image: 1}}", "b.yaml": "a: [", "c.yaml": "services: {w: {cap_add: 1}}"}
    made = stack(files, FILE, "b.yaml", "no.yaml", "c.yaml")
    root = made.load()

    # Reading comes first, for all files.
    assert [line.partition("]")[0] for line in said(made)] == [
        "b.yaml:1:4: error[yaml-syntax",
        "error[file-unreadable",
        "compose.yaml:1:23: error[wrong-type",
        "c.yaml:1:25: error[wrong-type",
    ]
    assert value(root) == {"services": {"w": {}}}


def test_each_file_that_says_a_version_is_told_once() -> None:
    text = "version: '3'\nservices: {w: {image: x}}\n---\nservices: {}\n---\nversion: '3'\n"

    assert warnings(text) == ["1 version-obsolete", "6 version-obsolete"]


def includes(levels: int) -> dict[str, str]:
    """Files that include each other, that many below the first."""
    inner = {f"i{number}.yaml": f"include: [i{number + 1}.yaml]\n" for number in range(1, levels)}
    return {FILE: "include: [i1.yaml]\n", **inner, f"i{levels}.yaml": "services: {z: {image: x}}"}


def test_includes_may_be_deep_but_not_bottomless() -> None:
    assert list(config(includes(DEEPEST))["services"]) == ["z"]
    assert problems(includes(DEEPEST + 1)) == [
        f"i{DEEPEST}.yaml:1:11: error[include-too-deep]: files include each other more than {DEEPEST} levels deep"
    ]


def test_a_file_may_be_included_twice_as_long_as_it_is_the_same() -> None:
    files = {
        FILE: "include: [a.yaml, b.yaml]\n",
        "a.yaml": "include: [c.yaml]\n",
        "b.yaml": "include: [c.yaml]\n",
        "c.yaml": "services: {z: {image: x}}\n",
    }

    assert list(config(files)["services"]) == ["z"]


def test_documents_beyond_a_few_cost_the_handling_of_all_before_them() -> None:
    labels = "".join(f"      l{number}: x\n" for number in range(2000))
    base = f"services:\n  w:\n    image: x\n    labels:\n{labels}"

    made = stack({FILE: base + "---\nx-a: 1\n" * (OVERRIDES - 1)})
    made.load()
    spent_by_few = made.shared.report.room
    made = stack({FILE: base + "---\nx-a: 1\n" * OVERRIDES})
    made.load()

    assert spent_by_few - made.shared.report.room > 2000
    with pytest.raises(SourceError) as caught:
        loaded(base + "---\nx-a: 1\n" * 300)
    assert [one.code for one in caught.value.diagnostics] == ["too-large"]


def test_services_to_extend_come_with_paths_as_this_stack_sees_them() -> None:
    files = {"sub/b.yaml": "services: {a: {build: ./x, ports: ['80']}}\n---\nservices: {a: {ports: !reset []}}\n"}
    made = stack(files)
    base = made.services_of(Node("sub/b.yaml"))

    assert base is not None
    assert value(Node(base.services)) == {"a": {"build": {"context": "sub/x"}}}
    assert made.services_of(Node(f"{HERE}/sub/b.yaml")) is base
    assert said(made) == []


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (None, "compose.yaml:3:23: error[file-unreadable]: cannot read b.yaml: No such file or directory"),
        ("a: [", "b.yaml:1:4: error[yaml-syntax]: "),
    ],
)
def test_a_file_that_cannot_be_read_is_told_once_however_many_services_extend_it(base: str | None, told: str) -> None:
    text = "services:\n  v: {image: x}\n" + "".join(
        f"  {name}: {{extends: {{file: b.yaml, service: a}}, image: x}}\n" for name in "uw"
    )
    made = stack({FILE: text} if base is None else {FILE: text, "b.yaml": base})
    made.load()

    assert len(said(made)) == 1
    assert said(made)[0].startswith(told)


def test_every_service_that_extends_a_file_without_services_is_told() -> None:
    text = "services:\n" + "".join(f"  {name}: {{extends: {{file: b.yaml, service: a}}}}\n" for name in "uw")
    made = stack({FILE: text, "b.yaml": ""})
    made.load()

    assert [line.partition("]")[0] for line in said(made)] == [
        "compose.yaml:2:23: error[extends-unknown",
        "compose.yaml:3:23: error[extends-unknown",
    ]


def test_adding_a_document_leaves_the_tree_before_it_as_it_was() -> None:
    made = stack({FILE: "services: {a: {image: y, command: [z]}}"})
    root = tree("services: {a: {image: x, command: [q], labels: {k: v}}}")
    before = value(root)
    [document] = made.documents(f"{HERE}/{FILE}")
    added = made.add(root, document, FILE)

    assert value(root) == before
    assert value(added)["services"]["a"] == {"image": "y", "command": ["z"], "labels": {"k": "v"}}
