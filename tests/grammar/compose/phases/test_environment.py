"""Variables from files and from outside: precedence, what a file may refer to, and the span of a problem."""

import pytest

from stackferry.grammar.compose.phases.environment import read_env_files, resolve_services, resolve_sources
from stackferry.grammar.compose.phases.typed import typed
from stackferry.grammar.compose.stack import Shared
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics, SourceError
from stackferry.grammar.files import Memory
from stackferry.grammar.source import Span
from tests.grammar.making import HERE, codes, loaded, problems, service, tree, value


def reading(files: dict[str, str | bytes]) -> Shared:
    return Shared(Memory(files, cwd=HERE), Diagnostics(), show=lambda path: path.removeprefix(f"{HERE}/"))


def told(shared: Shared) -> list[str]:
    return [str(one) for one in shared.report]


def resolved(keys: str, shared: Shared, variables: bool = True, **environment: str) -> Node:
    """Service `w` of long syntax, after its files were read."""
    root = typed(tree(f"services:\n  w:\n    {keys}\n"), shared.report)
    found = resolve_services(root, environment, shared, variables).at(("services", "w"))
    assert found is not None
    return found


ORIGIN = Span("compose.yaml", 7, 3)


@pytest.mark.parametrize(
    ("files", "environment", "expected"),
    [
        ({"a": "A=1\n", "b": "A=2\nB=3\n"}, {}, {"A": "2", "B": "3"}),
        ({"a": "A=1\n", "b": "B=${A}x\n"}, {}, {"A": "1", "B": "1x"}),
        ({"a": "A=1\n", "b": "B=${A}x\n"}, {"A": "outside"}, {"A": "1", "B": "outsidex"}),
        ({"a": "A\nB\n"}, {"A": "outside"}, {"A": "outside"}),
        ({"a": ""}, {}, {}),
        ({"a": "\ufeffA=1\r\n"}, {}, {"A": "1"}),
        ({"a": b"A=\xff\n"}, {}, {"A": "\ufffd"}),
    ],
)
def test_env_files_in_order(
    files: dict[str, str | bytes], environment: dict[str, str], expected: dict[str, str]
) -> None:
    shared = reading(files)

    assert read_env_files(tuple(files), environment, shared, None) == expected
    assert told(shared) == []


def test_no_files_at_all() -> None:
    assert read_env_files((), {"A": "1"}, reading({}), None) == {}


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (None, "error[env-file-missing]: env file no.env not found\n  hint: create it, or specify another file"),
        (
            ORIGIN,
            (
                "compose.yaml:7:3: error[env-file-missing]: env file no.env not found"
                "\n  hint: create it, or specify another file"
            ),
        ),
    ],
)
def test_a_file_that_is_not_there_and_the_rest_is_read(origin: Span | None, said: str) -> None:
    shared = reading({"a": "A=1\n"})

    assert read_env_files((f"{HERE}/no.env", "a"), {}, shared, origin) == {"A": "1"}
    assert told(shared) == [said]


def test_a_folder_is_no_env_file() -> None:
    shared = reading({"sub/file": ""})

    assert read_env_files(("sub",), {}, shared, ORIGIN) == {}
    assert told(shared) == [
        "compose.yaml:7:3: error[env-file-unreadable]: cannot read env file sub: Is a directory",
    ]


def test_a_mistake_in_a_file_stands_in_that_file() -> None:
    shared = reading({"a": "A=1\n# note\n\nB C=2\n", "b": "X=1\nY='open\n"})

    assert read_env_files((f"{HERE}/a", f"{HERE}/b"), {}, shared, ORIGIN) == {}
    assert told(shared) == [
        "a:4:1: error[env-file-syntax]: variable name 'B C' contains a space",
        "b:2:1: error[env-file-syntax]: the quoted value 'open is not closed",
    ]


def test_an_unset_variable_is_told_once_for_all_files() -> None:
    shared = reading({"a": "A=$NO\nB=$NO\n", "b": "C=${NO}${OTHER}\n"})

    assert read_env_files(("a", "b"), {}, shared, None) == {"A": "", "B": "", "C": ""}
    assert told(shared) == [
        'a:1:1: warning[variable-unset]: the "NO" variable is not set, an empty string is used',
        'b:1:1: warning[variable-unset]: the "OTHER" variable is not set, an empty string is used',
    ]


def test_variables_of_the_environment_in_a_list_and_in_a_config() -> None:
    root = tree(
        "services: {w: {environment: [A, B, C=$A, ''] }, v: {environment: {A: }}, u: null}\n"
        "configs: {c: {environment: A}, d: {environment: NO}, e: {file: A}, f: null}\n"
        "secrets: {s: {environment: A}}\n"
    )

    assert value(resolve_sources(root, {"A": "1=2"})) == {
        "services": {
            "w": {"environment": ["A=1=2", "B", "C=$A", ""]},
            "v": {"environment": {"A": None}},
            "u": None,
        },
        "configs": {
            "c": {"environment": "A", "content": "1=2"},
            "d": {"environment": "NO"},
            "e": {"file": "A"},
            "f": None,
        },
        # The value of a secret is never in a tree.
        "secrets": {"s": {"environment": "A"}},
    }


@pytest.mark.parametrize("text", ["{}", "services: null", "services: []\nconfigs: text", "x-a: 1"])
def test_documents_without_services(text: str) -> None:
    root = tree(text)

    assert resolve_sources(root, {"A": "1"}) == root


def test_the_content_of_a_config_stands_where_its_variable_is_named() -> None:
    root = resolve_sources(tree("configs:\n  c:\n    environment: A\n"), {"A": "1"})
    content = root.at(("configs", "c", "content"))

    assert content is not None
    assert str(content.span) == "compose.yaml:3:18"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("environment: {A: own, B: }", {"A": "own", "B": None}),
        ("environment: {OUT: , A: }", {"A": None, "OUT": "outside"}),
        ("environment: {OUT: ''}", {"OUT": ""}),
        ("env_file: [{path: a}]", {"A": "1", "B": "1x"}),
        ("env_file: [{path: a}, {path: b}]", {"A": "2", "B": "1x", "C": "2 outside"}),
        ("env_file: [{path: b}, {path: a}]", {"A": "1", "B": "1x", "C": "2 outside"}),
        ("{env_file: [{path: a}], environment: {A: own}}", {"A": "own", "B": "ownx"}),
        ("{env_file: [{path: a}], environment: {B: }}", {"A": "1", "B": None}),
        ("env_file: [{path: r, format: raw}]", {"A": "'$OUT' # all", "OUT": "outside"}),
        ("env_file: [{path: a, format: ''}]", {"A": "1", "B": "1x"}),
        ("env_file: [{path: no, required: false}, {path: a, required: false}]", {"A": "1", "B": "1x"}),
    ],
)
def test_env_files_of_a_service(keys: str, expected: dict[str, str | None]) -> None:
    shared = reading({"a": "A=1\nB=${A}x\n", "b": "A=2\nC=$A ${OUT}\n", "r": "A='$OUT' # all\nOUT\nNO\n"})
    found = resolved(keys, shared, OUT="outside").get("environment")

    assert found is not None
    assert (value(found), told(shared)) == (expected, [])
    assert list(found.value) == sorted(expected)


def test_a_value_from_a_file_stands_in_that_file() -> None:
    shared = reading({"sub/a.env": "# note\nA=1\n\nB='x\ny'\nC=3\n"})
    found = resolved(f"{{env_file: [{{path: {HERE}/sub/a.env}}], environment: {{O: x}}}}", shared).get("environment")

    assert found is not None
    assert {name: str(child.span) for name, child in found.value.items()} == {
        "A": "sub/a.env:2:1",
        "B": "sub/a.env:4:1",
        "C": "sub/a.env:6:1",
        "O": "compose.yaml:3:68",
    }


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            "env_file: [{path: no}]",
            (
                "compose.yaml:3:23: error[env-file-missing]: env file no not found"
                "\n  hint: create it, or set required: false"
            ),
        ),
        (
            "env_file: [{path: a, format: json}]",
            (
                "compose.yaml:3:23: error[env-file-format]: unsupported env file format 'json'"
                "\n  hint: the only other format is raw"
            ),
        ),
        (
            "env_file: [{path: bad, required: false}]",
            "bad:2:1: error[env-file-syntax]: unexpected character '!' in variable name '!'",
        ),
        (
            "env_file: [{path: bad, format: raw}]",
            "bad:1:1: error[env-file-syntax]: variable name 'A ' is empty or contains a space",
        ),
    ],
)
def test_problems_with_env_files(keys: str, said: str) -> None:
    shared = reading({"a": "A=1\n", "bad": "A =1\n!\n"})

    assert resolved(keys, shared).get("environment") is None
    assert told(shared) == [said]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("label_file: [a]", {"l": "1", "m": "1x"}),
        ("label_file: [a, b]", {"l": "2", "m": "1x", "n": "1x2"}),
        ("{label_file: [a], labels: {l: own}}", {"l": "own", "m": "1x"}),
    ],
)
def test_label_files_know_of_earlier_ones_only(keys: str, expected: dict[str, str]) -> None:
    shared = reading({"a": "l=1\nm=${l}x\n", "b": "n=${m}2\nl=2\n"})
    found = resolved(keys, shared, l="outside", OUT="outside").get("labels")

    assert found is not None
    assert (value(found), told(shared)) == (expected, [])


def test_a_label_file_takes_nothing_from_the_environment() -> None:
    shared = reading({"a": "l=$OUT\n"})
    found = resolved("label_file: [a]", shared, OUT="outside")

    assert value(found)["labels"] == {"l": ""}
    assert told(shared) == ['a:1:1: warning[variable-unset]: the "OUT" variable is not set, an empty string is used']


def test_without_variables_only_label_files_are_read() -> None:
    shared = reading({"a": "l=1\n"})
    found = resolved("{env_file: [{path: no}], label_file: [a], environment: {OUT: }}", shared, False, OUT="x")

    assert told(shared) == []
    assert value(found) == {
        "environment": {"OUT": None},
        "env_file": [{"path": "no"}],
        "labels": {"l": "1"},
        "label_file": ["a"],
    }


def test_what_files_add_has_the_place_of_its_key_and_unknown_keys_come_last() -> None:
    found = resolved("{x-a: 1, label_file: [a], env_file: [{path: a}], image: x}", reading({"a": "l=1\n"}))

    assert list(found.value) == ["environment", "env_file", "image", "labels", "label_file", "x-a"]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "services: {w: {image: x, environment: {A: '1', B: null}}}",
        "services: {w: {image: x}, v: {labels: {a: b}}}",
    ],
)
def test_where_nothing_is_to_be_resolved_the_very_tree_comes_back(text: str) -> None:
    root = typed(tree(text), Diagnostics())

    assert resolve_services(root, {"A": "outside"}, reading({})) is root


def test_a_file_that_says_nothing_makes_no_environment() -> None:
    found = resolved("{image: x, env_file: [{path: a}], label_file: [a]}", reading({"a": "# note\n"}))

    assert value(found) == {"env_file": [{"path": "a"}], "image": "x", "label_file": ["a"]}


def test_env_files_that_many_services_read_end_the_load_when_they_are_too_much() -> None:
    shared = reading({"a": "".join(f"V{number}={'x' * 100}\n" for number in range(2_000))})
    shared.report.room = 25_000
    services = "".join(f"  w{number}:\n    env_file: [{{path: a}}]\n" for number in range(3))

    with pytest.raises(SourceError):
        resolve_services(typed(tree(f"services:\n{services}"), shared.report), {}, shared)
    assert told(shared) == [
        (
            "compose.yaml:5:23: error[too-large]: too many values: env files multiply"
            "\n  hint: remove repetitions: no real stack is this large"
        )
    ]


def test_a_disabled_service_needs_no_file() -> None:
    text = "services: {web: {image: x}, off: {image: x, profiles: [p], env_file: no.env}}"

    assert service(text)["image"] == "x"
    assert codes(text, profiles=("p",)) == ["1:70 env-file-missing"]


def test_in_a_stack_a_problem_of_a_file_names_the_file_as_people_see_it() -> None:
    files = {"compose.yaml": "services: {web: {image: x, env_file: [sub/a.env]}}", "sub/a.env": "A=1\nB='x\n"}

    assert problems(files) == ["sub/a.env:2:1: error[env-file-syntax]: the quoted value 'x is not closed"]


def test_what_is_wrong_with_the_files_of_a_job_is_a_warning() -> None:
    text = "services: {a: {image: x}}\njobs: {j: {image: x, env_file: no.env, triggers: {manual: true}}}\n"
    found = loaded(text)

    assert [(one.code, one.severity.value, str(one.span)) for one in found.diagnostics] == [
        ("env-file-missing", "warning", "compose.yaml:2:32")
    ]
    assert found.project.jobs["j"].environment == {}


def test_containers_before_a_start_have_their_own_files() -> None:
    files = {
        "compose.yaml": (
            "services: {a: {image: x, env_file: a.env, pre_start: [{env_file: b.env, label_file: l.env}]}}\n"
        ),
        "a.env": "A=1\nB=1\n",
        "b.env": "B=2\n",
        "l.env": "L=3\n",
    }
    hook = loaded(files).project.services["a"].pre_start[0]

    assert (hook.environment, hook.labels) == ({"A": "1", "B": "2"}, {"L": "3"})
