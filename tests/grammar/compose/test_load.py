"""The library's entry: reports all problems at once, uses only its arguments; what a loaded stack offers."""

import builtins
import io
import os
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

import stackferry.grammar.compose
from stackferry.grammar.compose import Disk, Memory, Request, Severity, SourceError, describe, load
from stackferry.grammar.compose.output.render import render_json, render_yaml
from tests.grammar.making import FILE, HERE, HOME, codes, config, loaded, problems, warnings

STACK = """\
services:
  web:
    image: nginx:${TAG:-latest}
    environment: [TAG, HOME]
    env_file: web.env
    volumes: ["~/data:/data", "./conf:/conf"]
    depends_on: [db]
  db:
    extends: {file: sub/base.yaml, service: base}
"""
FILES = {
    FILE: STACK,
    "web.env": "LEVEL=${TAG}-level\n",
    ".env": "DOT=1\n",
    "sub/base.yaml": "services: {base: {image: 'postgres:${DOT}${PG:-${DEEP:-17}}'}}\n",
}

CANONICAL = """\
name: shop
services:
  db:
    image: postgres:117
    networks:
      default: null
  web:
    environment:
      HOME: null
      LEVEL: 2-level
      TAG: "2"
    image: nginx:2
    networks:
      default: null
    volumes:
      - type: bind
        source: /home/me/data
        target: /data
        bind: {}
      - type: bind
        source: /home/me/shop/conf
        target: /conf
        bind: {}
    depends_on:
      db:
        condition: service_started
        required: true
networks:
  default:
    name: shop_default
"""

MODEL = """\
name = 'shop'
directory = '/home/me/shop'
services:
  db: Service
    name = 'db'
    image = 'postgres:117'
    networks:
      default = None
  web: Service
    name = 'web'
    env_file:
      [0]: EnvFile
        path = '/home/me/shop/web.env'
    environment:
      HOME = None
      LEVEL = '2-level'
      TAG = '2'
    image = 'nginx:2'
    networks:
      default = None
    volumes:
      [0]: Mount
        type = 'bind'
        target = '/data'
        source = '/home/me/data'
        bind: BindOptions
          create_host_path = True
      [1]: Mount
        type = 'bind'
        target = '/conf'
        source = '/home/me/shop/conf'
        bind: BindOptions
          create_host_path = True
    depends_on:
      db: Dependency
networks:
  default: Network
    name = 'shop_default'
environment:
  TAG = '2'
  PWD = '/home/me/shop'
  DOT = '1'
  COMPOSE_PROJECT_NAME = 'shop'
"""


def test_a_stack_in_memory() -> None:
    found = loaded(FILES, environment={"TAG": "2"})

    assert render_yaml(found.canonical()) == CANONICAL
    assert describe(found.project) == MODEL


# Nothing but what is handed in.


class Forbidden(Mapping[str, str]):
    """An environment that must not be looked at."""

    def __getitem__(self, name: str) -> NoReturn:
        raise AssertionError(f"the environment was asked for {name}")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the environment was listed")

    def __len__(self) -> NoReturn:
        raise AssertionError("the environment was counted")


def forbidden(*_: object, **__: object) -> NoReturn:
    """What stands in for a way to the world."""
    raise AssertionError("the world outside was looked at")


WAYS_OUT: list[tuple[Any, str]] = [
    *((os, name) for name in ("getcwd", "getcwdb", "getenv", "open", "stat", "lstat")),
    *((os, name) for name in ("listdir", "scandir", "readlink")),
    *((os.path, name) for name in ("exists", "isfile", "isdir", "islink", "realpath", "expanduser", "expandvars")),
    *((time, name) for name in ("time", "time_ns")),
    (builtins, "open"),
    (io, "open"),
    (random, "random"),
]


def test_the_doors_are_shut_while_a_stack_in_memory_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Once before: what is imported on first use is read from the disk.
    first = loaded(FILES, environment={"TAG": "2"})
    expected = (render_yaml(first.canonical()), render_json(first.canonical_json()), describe(first.project))

    with monkeypatch.context() as shut:
        for owner, name in WAYS_OUT:
            shut.setattr(owner, name, forbidden)
        shut.setattr(os, "environ", Forbidden())
        found = loaded(FILES, environment={"TAG": "2"})
        got = (render_yaml(found.canonical()), render_json(found.canonical_json()), describe(found.project))
        try:
            load(Request(), files=Memory({}, cwd="/a/b"), environment={})
        except SourceError as error:
            told = [one.code for one in error.diagnostics]

    assert got == expected
    assert told == ["file-missing"]
    assert capsys.readouterr() == ("", "")


def test_the_doors_do_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, disk = Memory({"a": STACK}), Disk(cwd="/", home="/")
    with monkeypatch.context() as shut:
        shut.setattr(os, "environ", Forbidden())
        shut.setattr(os, "open", forbidden)
        with pytest.raises(AssertionError, match="the environment was"):
            load(Request(files=("a",)), files=memory, environment=os.environ)
        with pytest.raises(AssertionError, match="the world outside"):
            load(Request(files=("a",)), files=disk, environment={})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TAG", "outside"),
        ("COMPOSE_PROJECT_NAME", "outside"),
        ("COMPOSE_FILE", "outside.yaml"),
        ("COMPOSE_PROFILES", "outside"),
        ("COMPOSE_ENV_FILES", "outside.env"),
        ("COMPOSE_DISABLE_ENV_FILE", "1"),
        ("COMPOSE_PATH_SEPARATOR", ","),
        ("HOME", "/outside"),
        ("PWD", "/outside"),
    ],
)
def test_the_processes_variables_count_only_if_they_are_handed_in(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    files = {**FILES, "compose.override.yaml": "services: {web: {user: '${TAG-none}', profiles: [p]}}\n"}
    without = describe(loaded(files, files=()).project)
    monkeypatch.setenv(name, text)

    assert describe(loaded(files, files=()).project) == without


def test_the_processes_directory_counts_only_if_it_is_handed_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text("services: {outside: {image: x}}\n")
    (tmp_path / ".env").write_text("TAG=outside\n")
    monkeypatch.chdir(tmp_path)

    web = "services: {web: {image: 'x:${TAG-unset}'}}"

    assert loaded({FILE: web}, files=()).project.services["web"].image == "x:unset"
    handed = load(Request(), files=Disk(), environment={})
    assert (list(handed.project.services), handed.files) == (["outside"], (f"{tmp_path}/{FILE}",))


def test_what_is_handed_in_stays_as_it_is_and_calls_share_nothing() -> None:
    environment = {"TAG": "2"}
    files = Memory(FILES, cwd=HERE, home=HOME)
    kept = dict(files.files)
    request = Request(files=(FILE,))
    first = load(request, files=files, environment=environment)
    load(Request(files=(FILE,)), files=Memory({FILE: "services: {web: {image: other}}"}, cwd=HERE), environment={})
    second = load(request, files=files, environment=environment)

    assert environment == {"TAG": "2"}
    assert files.files == kept
    assert describe(first.project) == describe(second.project)
    first.canonical()["services"].clear()
    assert render_yaml(first.canonical()) == CANONICAL


def test_warnings_are_told_in_every_load_anew() -> None:
    text = "services: {web: {image: x$A$A$B}}"

    assert warnings(text) == ["1 variable-unset", "1 variable-unset"]
    assert warnings(text) == ["1 variable-unset", "1 variable-unset"]


def test_standard_input_is_read_if_it_is_named_and_once() -> None:
    asked: list[int] = []

    def stdin() -> bytes:
        asked.append(1)
        return b"services: {web: {image: x}}"

    def read(*paths: str) -> str:
        files = Memory({FILE: "services: {web: {image: y}}"}, cwd=HERE)
        found = load(Request(files=paths), files=files, environment={}, stdin=stdin)
        return f"{found.name} {found.project.services['web'].image} {found.origin(('services', 'web', 'image'))}"

    assert (read(FILE), asked) == ("shop y compose.yaml:1:25", [])
    assert (read("-"), asked) == ("shop x -:1:25", [1])
    assert (read("-", FILE), asked) == ("shop y compose.yaml:1:25", [1, 1])


def test_the_library_is_what_its_page_names() -> None:
    page = (Path(__file__).parents[3] / "docs" / "library.md").read_text(encoding="utf-8")
    named = {
        name.strip()
        for line in page.splitlines()
        if line.startswith("from stackferry.grammar.compose import ")
        for name in line.removeprefix("from stackferry.grammar.compose import ").split(",")
    }

    assert (
        {"load", "Request", "Memory", "Disk", "SourceError", "describe"}
        <= named
        <= set(stackferry.grammar.compose.__all__)
    )
    assert all(hasattr(stackferry.grammar.compose, name) for name in stackferry.grammar.compose.__all__)


# All problems at once.

WRONG = {
    FILE: """\
name: ${NAME
include: [missing.yaml]
services:
  web:
    image: ${TAG:?say which}
    prots: ["80:80"]
    restart: 5
    depends_on: [bd]
    networks: [front]
    env_file: [missing.env, odd.env]
  db:
    extends: {service: nobody}
  job:
    image: x
    healthcheck: {retries: -1}
    volumes: [nowhere:/data]
    command: "a 'b"
volumes: [data]
""",
    "over.yaml": "services:\n  web: {scale: 1, deploy: {replicas: 2}, user: $WHO}\n",
    "odd.env": "A=1\n'B=2\n",
}

SAID = """\
compose.yaml:1:7: error[interpolation-invalid]: name: invalid interpolation format: '${NAME'
  hint: write $$ for a literal $; a variable is written $NAME or ${NAME}, with :-default, :+replacement or :?message
compose.yaml:5:12: error[variable-required]: services.web.image: required variable TAG is missing a value: say which
  hint: set TAG in the environment or in .env
compose.yaml:2:11: error[file-unreadable]: cannot read missing.yaml: No such file or directory
compose.yaml:12:24: error[extends-unknown]: service 'db' extends 'nobody', which is not defined in compose.yaml
compose.yaml:6:5: error[unknown-key]: unknown key 'prots' in services.web
  hint: did you mean 'ports'?
compose.yaml:7:14: error[wrong-type]: services.web.restart: expected text, got the number 5
  hint: quote it to make it text: "5"
compose.yaml:18:10: error[wrong-type]: volumes: expected a mapping, got a list
  hint: write a mapping: no dashes, and a colon after each name: data:
over.yaml:2:48: warning[variable-unset]: the "WHO" variable is not set, an empty string is used
  hint: set it in the environment or in .env, or write a default: ${WHO:-value}
compose.yaml:17:14: error[command-syntax]: services.job.command: unbalanced quotes or parentheses in command "a 'b"
  hint: use the list form
compose.yaml:15:28: error[wrong-type]: services.job.healthcheck.retries: -1 is negative
warning[unknown-profile]: no service has the profile 'debug'
compose.yaml:16:15: error[undefined-volume]: service 'job': refers to undefined volume 'nowhere'
  hint: define it under the top-level volumes:
compose.yaml:9:16: error[undefined-network]: service 'web': refers to undefined network 'front'
  hint: define it under the top-level networks:
compose.yaml:8:18: error[undefined-service]: service 'web': depends on undefined service 'bd'
  hint: did you mean 'db'?
over.yaml:2:9: error[contradiction]: service 'web': scale 1 contradicts deploy.replicas 2
compose.yaml:10:16: error[env-file-missing]: env file missing.env not found
  hint: create it, or set required: false
odd.env:2:1: error[env-file-syntax]: unexpected character "'" in variable name "'B=2"
error[unknown-service]: no such service: wbe
  hint: did you mean 'web'?"""


def test_every_phase_tells_its_problems_in_one_run() -> None:
    with pytest.raises(SourceError) as caught:
        loaded(WRONG, files=(FILE, "over.yaml"), profiles=("debug",), services=("wbe",))

    assert str(caught.value) == SAID
    assert {one.severity for one in caught.value.diagnostics} == {Severity.ERROR, Severity.WARNING}


@pytest.mark.parametrize(
    ("files", "request_", "told"),
    [
        (
            {},
            {"files": ()},
            [
                (
                    "error[file-missing]: no compose file found in this folder or any parent folder\n"
                    "  hint: specify one with -f, or create compose.yaml"
                )
            ],
        ),
        ({}, {}, ["error[file-unreadable]: cannot read compose.yaml: No such file or directory"]),
        ({"d/x": ""}, {"files": ("d",)}, ["error[file-unreadable]: cannot read d: Is a directory"]),
        (
            {},
            {"files": ("/else/a.yaml", "b.yaml")},
            [
                "error[file-unreadable]: cannot read /else/a.yaml: No such file or directory",
                "error[file-unreadable]: cannot read b.yaml: No such file or directory",
            ],
        ),
        (
            {FILE: ""},
            {},
            ["error[empty]: the compose file is empty\n  hint: a compose file needs a top-level services:"],
        ),
        (
            {FILE: "# only a comment\n"},
            {"interpolate": False},
            ["error[empty]: the compose file is empty\n  hint: a compose file needs a top-level services:"],
        ),
        (
            {FILE: "null\n"},
            {},
            [
                (
                    "compose.yaml:1:1: error[wrong-type]: the document: expected a mapping\n"
                    "  hint: a compose file needs a top-level services:"
                )
            ],
        ),
        (
            {FILE: "services: {web: {image: x}}"},
            {"services": ("a", "b")},
            ["error[unknown-service]: no such service: a", "error[unknown-service]: no such service: b"],
        ),
        (
            {FILE: "services: {web: {image: x}}"},
            {"env_files": ("a.env", "b.env")},
            [
                "error[env-file-missing]: env file a.env not found\n  hint: create it, or specify another file",
                "error[env-file-missing]: env file b.env not found\n  hint: create it, or specify another file",
            ],
        ),
        (
            {FILE: "services: {web: {image: x}}"},
            {"project_name": "No"},
            [
                (
                    "error[project-name]: invalid project name 'No' (-p): it must consist of"
                    " lowercase letters, digits, '-' and '_', and start with a letter or digit\n "
                    " hint: for example no"
                )
            ],
        ),
        (
            {FILE: "services:\n  web:\n    image: [\n"},
            {},
            ["compose.yaml:3:12: error[yaml-syntax]: [ is never closed\n  hint: close it: []"],
        ),
    ],
)
def test_what_cannot_be_loaded(files: dict[str, str], request_: dict[str, Any], told: list[str]) -> None:
    assert problems(files, **request_) == told


def test_without_interpolation_problems_are_told_too() -> None:
    assert problems("services:\n  web: {imge: '${'}\n", interpolate=False) == [
        "compose.yaml:2:9: error[unknown-key]: unknown key 'imge' in services.web\n  hint: did you mean 'image'?"
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (FILE, "compose.yaml"),
        (f"{HERE}/{FILE}", "compose.yaml"),
        ("./sub/../compose.yaml", "compose.yaml"),
        ("sub/c.yaml", "sub/c.yaml"),
        ("../c.yaml", "/home/me/c.yaml"),
        ("/home/me/shopping/c.yaml", "/home/me/shopping/c.yaml"),
    ],
)
def test_a_file_is_called_what_people_call_it(path: str, shown: str) -> None:
    text = "services: {web: {imge: x}}"
    files = {FILE: text, "sub/c.yaml": text, "../c.yaml": text, "/home/me/shopping/c.yaml": text}

    assert problems(files, files=(path,))[0].startswith(f"{shown}:1:18: error[unknown-key]")


# The request.


def test_a_name_may_use_variables_and_what_it_comes_to_is_one() -> None:
    text = "name: ${A:-other}\nservices: {web: {image: 'x:$COMPOSE_PROJECT_NAME'}}"

    assert [loaded(text, environment=one).project.services["web"].image for one in ({}, {"A": "given"})] == [
        "x:other",
        "x:given",
    ]


@pytest.mark.parametrize(
    ("environment", "request_", "name", "name_from"),
    [
        ({}, {}, "written", None),
        ({"COMPOSE_PROJECT_NAME": "set"}, {}, "set", "COMPOSE_PROJECT_NAME"),
        ({"COMPOSE_PROJECT_NAME": "set"}, {"project_name": "chosen"}, "chosen", "-p"),
        ({"COMPOSE_PROJECT_NAME": ""}, {"project_name": ""}, "written", None),
    ],
)
def test_who_chose_the_name(
    environment: dict[str, str], request_: dict[str, Any], name: str, name_from: str | None
) -> None:
    found = loaded("name: written\nservices: {web: {image: x}}", environment=environment, **request_)

    assert (found.name, found.name_from, found.canonical()["name"]) == (name, name_from, name)
    assert found.environment["COMPOSE_PROJECT_NAME"] == name


CHOICE = """\
services:
  web: {image: x, depends_on: [db]}
  db: {image: y, volumes: ["data:/d"]}
  tool: {image: z, profiles: [tools], networks: [back]}
networks: {back: }
volumes: {data: , spare: }
"""


@pytest.mark.parametrize(
    ("request_", "services", "disabled", "unused"),
    [
        ({}, "db web", "tool", "networks.back volumes.spare"),
        ({"profiles": ("tools",)}, "db tool web", "", "volumes.spare"),
        ({"profiles": ("*",)}, "db tool web", "", "volumes.spare"),
        ({"services": ("db",)}, "db", "tool", "networks.back volumes.spare"),
        ({"services": ("web",)}, "db web", "tool", "networks.back volumes.spare"),
        ({"services": ("tool",)}, "tool", "", "networks.default volumes.data volumes.spare"),
        ({"all_resources": True}, "db web", "tool", ""),
    ],
)
def test_what_a_request_chooses(request_: dict[str, Any], services: str, disabled: str, unused: str) -> None:
    found = loaded(CHOICE, **request_)

    assert " ".join(found.project.services) == services
    assert " ".join(found.disabled) == " ".join(found.project.disabled) == disabled
    assert " ".join(sorted(".".join(map(str, path)) for path in found.unused)) == unused


def test_what_only_a_job_or_a_container_before_a_start_uses_is_in_the_model_alone() -> None:
    found = loaded("""\
services:
  web: {image: x, pre_start: [{image: y, volumes: ["cache:/c"], configs: [c]}]}
jobs:
  nightly: {image: x, volumes: ["old:/o"], triggers: {manual: true}}
volumes: {cache: {}, old: {}, spare: {}}
configs: {c: {content: x}}
""")

    assert list(found.project.volumes) == ["cache", "old"]
    assert list(found.project.configs) == ["c"]
    assert found.unused == {("volumes", "spare")}
    assert "volumes" not in found.canonical()


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            {"normalise": False},
            """\
name: shop
services:
  web:
    environment:
      A: "1"
    image: x:1
    build:
      context: /home/me/shop/w
""",
        ),
        (
            {"resolve_paths": False, "resolve_environment": False},
            """\
name: shop
services:
  web:
    env_file:
      - path: a.env
    image: x:1
    networks:
      default: null
    build:
      context: ./w
      dockerfile: Dockerfile
networks:
  default:
    name: shop_default
""",
        ),
        (
            {"interpolate": False, "normalise": False},
            """\
services:
  web:
    build:
      context: /home/me/shop/w
    env_file:
      - path: /home/me/shop/a.env
        required: true
    image: x:$TAG
""",
        ),
    ],
)
def test_how_far_a_request_goes(request_: dict[str, Any], text: str) -> None:
    files = {FILE: "services: {web: {image: 'x:$TAG', build: ./w, env_file: a.env}}", "a.env": "A=1\n"}

    assert render_yaml(config(files, environment={"TAG": "1"}, **request_)) == text


def test_consistency_is_checked_unless_the_request_says_otherwise() -> None:
    text = "services: {web: {user: x, networks: [no]}}"

    assert [one.partition("]")[0] for one in problems(text)] == [
        "compose.yaml:1:12: error[no-image",
        "compose.yaml:1:38: error[undefined-network",
    ]
    assert loaded(text, check_consistency=False).diagnostics == ()


# What a loaded stack tells.


def test_where_values_are_from() -> None:
    files = {
        FILE: "services:\n  web:\n    image: a\n    init: true\n    labels: [k=v]\n    env_file: e.env\n",
        "over.yaml": "services:\n  web:\n    image: b\n",
        "e.env": "# note\nA=1\n",
    }
    found = loaded(files, files=(FILE, "over.yaml"))
    places = {
        path: str(found.origin(("services", "web", *path)))
        for path in (("image",), ("init",), ("labels", "k"), ("environment", "A"), ("networks",), ("nothing", 0))
    }

    assert places == {
        ("image",): "over.yaml:3:12",
        ("init",): "compose.yaml:4:11",
        ("labels", "k"): "compose.yaml:5:14",
        ("environment", "A"): "e.env:2:1",
        ("networks",): "None",
        ("nothing", 0): "None",
    }


def test_every_key_that_a_file_wrote() -> None:
    text = (
        "version: '1'\nservices:\n  web:\n    extends: {service: base}\n    cap_add: [A]\n"
        "  base: {image: x}\nvolumes: {spare: }\nx-a: 1\n"
    )

    keys = list(loaded(text).keys())

    assert [f"{'.'.join(map(str, path))} {span.line}:{span.column}" for path, span in keys] == [
        "version 1:1",
        "services 2:1",
        "services.base 6:3",
        "services.base.image 6:10",
        "services.web 3:3",
        "services.web.extends 4:5",
        "services.web.extends.service 4:15",
        "services.web.cap_add 5:5",
        "services.web.cap_add.0 5:15",
        "services.web.image 6:10",
        "volumes 7:1",
        "volumes.spare 7:11",
        "x-a 8:1",
    ]


def test_what_was_read_and_where_it_lies() -> None:
    found = loaded(
        {"sub/a.yaml": "services: {web: {image: x}}", "b.yaml": "x-b: 1\n"},
        files=("sub/a.yaml", "b.yaml"),
        profiles=("*",),
    )

    assert (found.directory, found.files, found.profiles, found.interpolated) == (
        f"{HERE}/sub",
        (f"{HERE}/sub/a.yaml", f"{HERE}/b.yaml"),
        ("*",),
        True,
    )
    assert found.sources == {"sub/a.yaml": "services: {web: {image: x}}", "b.yaml": "x-b: 1\n"}


def test_the_model_is_made_once_and_json_has_no_keys_of_ones_own() -> None:
    found = loaded("services: {web: {image: x, x-a: 1}}\nx-b: 2")

    assert found.project is found.project
    assert (found.canonical()["x-b"], found.canonical()["services"]["web"]["x-a"]) == (2, 1)
    assert "x-a" not in found.canonical_json()["services"]["web"]


def test_an_error_of_one_service_hides_nothing_of_another() -> None:
    text = "services:\n  a: {imagee: x}\n  b: {ports: ['80']}\n  c: {image: 5}\n"

    assert sorted(codes(text)) == ["2:7 unknown-key", "3:3 no-image", "4:14 wrong-type"]
