"""Relative paths to absolute ones: each row of the table, values left alone, and values without a span."""

import pytest

from stackferry.grammar.compose.phases.absolute import RULES, resolve_paths
from stackferry.grammar.compose.syntax.short_forms import join
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Memory
from tests.grammar.making import HERE, HOME, codes, problems, tree, value


def resolved(text: str, directory: str = HERE, home: str | None = HOME) -> Node:
    report = Diagnostics()
    root = resolve_paths(tree(text), directory, Memory({}, home=home), report)
    assert list(report) == []
    return root


def at(root: Node, *path: str | int) -> object:
    found = root.at(path)
    assert found is not None
    return value(found)


Place = tuple[str, tuple[str | int, ...]]

OF_CONTAINERS: dict[str, Place] = {
    # the row of the table: what a container says, in which @ stands for the path, and where that path is
    "env_file.*.path": ("env_file: [{path: @}]", ("env_file", 0, "path")),
    "label_file.*": ("label_file: [@]", ("label_file", 0)),
    "volumes.*": ("volumes: [{type: bind, source: @}]", ("volumes", 0, "source")),
}
OF_WORKLOADS: dict[str, Place] = {
    **OF_CONTAINERS,
    "build.context": ("build: {context: @}", ("build", "context")),
    "build.additional_contexts.*": ("build: {additional_contexts: {a: @}}", ("build", "additional_contexts", "a")),
    "build.ssh.*": ("build: {ssh: {k: @}}", ("build", "ssh", "k")),
    "extends.file": ("extends: {file: @}", ("extends", "file")),
}
PLACES: dict[str, Place] = {
    # the same for a whole document
    **{
        f"{section}.*.{row}": (f"{section}: {{w: {{{text}}}}}", (section, "w", *place))
        for section in ("services", "jobs")
        for row, (text, place) in OF_WORKLOADS.items()
    },
    **{
        f"services.*.pre_start.*.{row}": (
            f"services: {{w: {{pre_start: [{{{text}}}]}}}}",
            ("services", "w", "pre_start", 0, *place),
        )
        for row, (text, place) in OF_CONTAINERS.items()
    },
    "services.*.develop.watch.*.path": (
        "services: {w: {develop: {watch: [{path: @}]}}}",
        ("services", "w", "develop", "watch", 0, "path"),
    ),
    "configs.*.file": ("configs: {c: {file: @}}", ("configs", "c", "file")),
    "secrets.*.file": ("secrets: {s: {file: @}}", ("secrets", "s", "file")),
    "volumes.*": (
        "volumes: {v: {driver: local, driver_opts: {o: bind, device: @}}}",
        ("volumes", "v", "driver_opts", "device"),
    ),
}
ON_THE_HOST = {row for row in PLACES if row.endswith(("build.ssh.*", "volumes.*", "configs.*.file", "secrets.*.file"))}
"""Rows for which nothing at all means the directory, and for which the paths of Windows are absolute."""


def moved(row: str, path: str, directory: str = HERE) -> object:
    text, place = PLACES[row]
    return at(resolved(text.replace("@", f"'{path}'"), directory), *place)


def test_every_row_of_the_table_is_tried_here() -> None:
    assert PLACES.keys() == RULES.keys()


@pytest.mark.parametrize("row", PLACES)
@pytest.mark.parametrize(
    ("path", "absolute"),
    [
        ("a", f"{HERE}/a"),
        (".", HERE),
        ("./a/./b//c/", f"{HERE}/a/b/c"),
        ("../up", "/home/me/up"),
        ("../../../../..", "/"),
        ("~", HOME),
        ("~/a/../b", f"{HOME}/b"),
        ("/abs/./as/../written/", "/abs/./as/../written/"),
    ],
)
def test_paths_are_joined_to_the_directory(row: str, path: str, absolute: str) -> None:
    assert moved(row, path) == absolute


@pytest.mark.parametrize("row", PLACES)
def test_nothing_at_all_is_the_directory_only_for_a_path_on_the_host(row: str) -> None:
    assert moved(row, "") == (HERE if row in ON_THE_HOST else "")


@pytest.mark.parametrize("row", PLACES)
@pytest.mark.parametrize("path", [r"C:\data", "c:/data", "::/odd", r"\\server\share"])
def test_only_a_path_on_the_host_may_be_one_of_windows(row: str, path: str) -> None:
    assert moved(row, path) == (path if row in ON_THE_HOST else f"{HERE}/{path}")


@pytest.mark.parametrize("path", ["C:", "C:data", "é:/data", r"\data", "CD:/data"])
def test_what_only_looks_like_windows_is_joined(path: str) -> None:
    assert moved("configs.*.file", path) == f"{HERE}/{path}"


@pytest.mark.parametrize(
    "context",
    [
        "https://example.org/x.git#main:sub",
        "git://example.org/x",
        "git@example.org:me/x.git",
        "github.com/me/x",
        "docker-image://nginx",
        "oci-layout://./x",
        "service:base",
    ],
)
@pytest.mark.parametrize("row", ["services.*.build.context", "services.*.build.additional_contexts.*"])
def test_a_context_elsewhere_stays_as_it_is(row: str, context: str) -> None:
    assert moved(row, context) == context


@pytest.mark.parametrize("context", ["github.community/x", "services", "./github.com/me/x", "https:/x"])
def test_a_folder_that_only_sounds_remote_is_a_folder(context: str) -> None:
    assert moved("services.*.build.context", context) == f"{HERE}/{context.removeprefix('./')}"


def test_without_a_home_a_tilde_is_a_folder() -> None:
    root = resolved("configs: {c: {file: ~/x}}", home=None)

    assert at(root, "configs", "c", "file") == f"{HERE}/~/x"


def test_somebody_elses_home_is_below_ours_as_docker_compose_has_it() -> None:
    assert moved("configs.*.file", "~bob/x") == f"{HOME}/bob/x"


def test_a_relative_directory_keeps_paths_relative_so_that_they_can_be_joined_again() -> None:
    text = "configs: {c: {file: ../x}, d: {file: '..'}}"

    assert value(resolved(text, "sub")) == {"configs": {"c": {"file": "x"}, "d": {"file": "."}}}
    assert value(resolved(text, "")) == {"configs": {"c": {"file": "../x"}, "d": {"file": ".."}}}


@pytest.mark.parametrize(
    "text",
    [
        "services: {w: {volumes: [{type: volume, source: data}]}}",
        "services: {w: {volumes: [{type: image, source: ./x}]}}",
        "services: {w: {volumes: [{source: ./x}]}}",
        "volumes: {v: {driver_opts: {o: bind, device: ./x}}}",
        "volumes: {v: {driver: nfs, driver_opts: {o: bind, device: ./x}}}",
        "volumes: {v: {driver: local, driver_opts: {o: 'bind,ro', device: ./x}}}",
        "volumes: {v: {driver: local, driver_opts: {o: bind}}}",
        "volumes: {v: }",
        "services: {w: {build: {context: 5, ssh: {default: null}}}}",
        "services: {w: {build: {context: null}}}",
        "services: {w: {develop: {watch: [{path: null}]}}}",
        "services: null",
        "x-note: {file: ./x}",
    ],
)
def test_what_is_no_path_is_not_touched(text: str) -> None:
    root = tree(text)

    assert resolve_paths(root, HERE, Memory({}, home=HOME), Diagnostics()) is root


def test_the_place_of_a_path_survives() -> None:
    root = resolved("configs:\n  c:\n    file: ./x\n").at(("configs", "c", "file"))

    assert root is not None
    assert (str(root.span), str(root.key_span)) == ("compose.yaml:3:11", "compose.yaml:3:5")


def test_a_link_on_the_way_to_a_watched_folder_is_followed() -> None:
    class Linked(Memory):
        def resolve_link(self, path: str) -> str:
            return path.replace(f"{HERE}/link", "/real", 1)

    text = "{services: {w: {develop: {watch: [{path: ./link/a}]}}}, configs: {c: {file: ./link/a}}}"
    root = resolve_paths(tree(text), HERE, Linked({}), Diagnostics())

    assert at(root, "services", "w", "develop", "watch", 0, "path") == "/real/a"
    assert at(root, "configs", "c", "file") == f"{HERE}/link/a"


def test_a_bind_mount_without_a_source_is_told_and_the_rest_resolved() -> None:
    report = Diagnostics()
    text = "services:\n  w:\n    volumes:\n      - {type: bind, target: /t}\n      - {type: bind, source: ./a}\n"
    root = resolve_paths(tree(text), HERE, Memory({}), report)

    assert [str(one) for one in report] == [
        "compose.yaml:4:9: error[bind-source]: services.w.volumes[0]: a bind mount needs a source"
    ]
    assert at(root, "services", "w", "volumes") == [
        {"type": "bind", "target": "/t"},
        {"type": "bind", "source": f"{HERE}/a"},
    ]


def test_a_stack_is_told_of_a_bind_mount_without_a_source() -> None:
    text = "services: {w: {image: x, volumes: [{type: bind, target: /t}]}}"

    assert codes(text) == ["1:36 bind-source"]
    assert problems(text) == [
        "compose.yaml:1:36: error[bind-source]: services.w.volumes[0]: a bind mount needs a source"
    ]


@pytest.mark.parametrize(
    ("directory", "path", "joined"),
    [
        ("/a", "b", "/a/b"),
        ("/a", "/b", "/a/b"),
        ("/a/", "../b", "/b"),
        ("a", "../..", ".."),
        ("", "b/.", "b"),
        ("/a", "", "/a"),
        ("//a", "b", "/a/b"),
        ("", "", ""),
    ],
)
def test_joining_as_go_does(directory: str, path: str, joined: str) -> None:
    assert join(directory, path) == joined
