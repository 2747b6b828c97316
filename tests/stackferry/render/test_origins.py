"""`stackferry config --origins`: every line of the canonical form with the file and line that set it."""

import json

import pytest
import yaml

STACK = {
    "compose.yaml": """\
include: [shared/db.yaml]
services:
  web:
    extends:
      file: base.yaml
      service: app
    image: web:1
    environment:
      LEVEL: info
    ports: ["80-81:80-81"]
    depends_on: [db]
""",
    "compose.override.yaml": """\
services:
  web:
    environment: [LEVEL=debug, "COLOUR=${COLOUR:-red}"]
    labels: {team: shop}
    command: serve --all
""",
    "base.yaml": """\
services:
  app:
    image: app:0
    restart: always
    env_file: app.env
    environment: {LEVEL: warn, BASE: "1"}
    volumes:
      - data:/data
""",
    "app.env": "# settings\nMODE=fast\n",
    "shared/db.yaml": """\
services:
  db:
    image: postgres
    volumes: [./init:/init:ro]
volumes:
  data:
""",
}


@pytest.fixture
def stack(here):
    for name, text in STACK.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    return here


@pytest.fixture
def origins(stack, stackferry):
    outcome = stackferry("config", "--origins", "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    return {one["key"]: one for one in json.loads(outcome.out)}


@pytest.mark.parametrize(
    ("key", "value", "file", "line", "column"),
    [
        # The file itself.
        ("services.web", None, "compose.yaml", 3, 3),
        ("services.web.image", "web:1", "compose.yaml", 7, 5),
        # What a short form stands for has its place; so has each port of a range.
        ("services.web.ports[0].target", 80, "compose.yaml", 10, 13),
        ("services.web.ports[1].published", "81", "compose.yaml", 10, 13),
        ("services.web.depends_on.db", None, "compose.yaml", 11, 18),
        # The override file, over both forms of a mapping.
        ("services.web.environment.LEVEL", "debug", "compose.override.yaml", 3, 19),
        ("services.web.environment.COLOUR", "red", "compose.override.yaml", 3, 32),
        ("services.web.labels.team", "shop", "compose.override.yaml", 4, 14),
        ("services.web.command[1]", "--all", "compose.override.yaml", 5, 14),
        # The extended file, and the env file that it names.
        ("services.web.restart", "always", "base.yaml", 4, 5),
        ("services.web.environment.BASE", "1", "base.yaml", 6, 32),
        ("services.web.environment.MODE", "fast", "app.env", 2, 1),
        ("services.web.volumes[0].source", "data", "base.yaml", 8, 9),
        # The included file.
        ("services.db", None, "shared/db.yaml", 2, 3),
        ("services.db.image", "postgres", "shared/db.yaml", 3, 5),
        ("services.db.volumes[0].read_only", True, "shared/db.yaml", 4, 15),
        ("volumes.data", None, "shared/db.yaml", 6, 3),
    ],
)
def test_a_value_knows_its_file_line_and_column(origins, key, value, file, line, column):
    found = origins[key]

    assert (found["file"], found["line"], found["column"], found["by"]) == (file, line, column, "file")
    assert value is None or found["value"] == value


@pytest.mark.parametrize(
    ("key", "by"),
    [
        ("name", "default"),
        ("services.web.depends_on.db.condition", "default"),
        ("services.web.ports[0].protocol", "file"),
        ("services.web.networks", "implied"),
        ("networks.default", "implied"),
        ("networks.default.name", "default"),
        ("volumes.data.name", "default"),
    ],
)
def test_what_no_file_says_is_told_apart(origins, key, by):
    assert origins[key]["by"] == by


def test_every_line_has_a_place_and_stays_the_same_yaml(stack, stackferry):
    plain, annotated = stackferry("config"), stackferry("config", "--origins")

    assert (annotated.code, annotated.err) == (0, "")
    assert yaml.safe_load(annotated.out) == yaml.safe_load(plain.out)
    pairs = list(zip(plain.out.splitlines(), annotated.out.splitlines(), strict=True))
    assert all(after.startswith(before) for before, after in pairs)
    assert all(after[len(before) :].lstrip().startswith("# ") for before, after in pairs)


def test_the_yaml_says_file_and_line(stack, stackferry):
    lines = [" ".join(line.split()) for line in stackferry("config", "--origins").out.splitlines()]

    assert "image: web:1 # compose.yaml:7" in lines
    assert "LEVEL: debug # compose.override.yaml:3" in lines
    assert "restart: always # base.yaml:4" in lines
    assert "MODE: fast # app.env:2" in lines
    assert "image: postgres # shared/db.yaml:3" in lines
    assert "networks: # (implied)" in lines


@pytest.mark.parametrize(
    ("options", "variables", "by"),
    [(("-p", "mine"), {}, "-p"), ((), {"COMPOSE_PROJECT_NAME": "theirs"}, "COMPOSE_PROJECT_NAME")],
)
def test_the_name_says_who_chose_it(stack, stackferry, monkeypatch, options, variables, by):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    first, *_ = json.loads(stackferry(*options, "config", "--origins", "--format", "json").out)

    assert (first["key"], first["by"], first["file"]) == ("name", by, None)


def test_the_name_of_a_file_has_its_place(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: x}}\nname: mine\n")

    assert stackferry("config", "--origins").out.splitlines()[0].split() == ["name:", "mine", "#", "compose.yaml:2"]


def test_standard_input_is_a_place(here, stackferry, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"services:\n  web:\n    image: x\n")))

    assert "# -:3" in stackferry("-f", "-", "config", "--origins").out


def test_mappings_that_are_printed_as_lists_have_the_places_of_their_entries(here, stackferry):
    (here / "compose.yaml").write_text("""\
services:
  web:
    build:
      context: .
      ssh:
        - default
        - key=/k
      extra_hosts: {near: 10.0.0.1}
    extra_hosts:
      - far=10.0.0.3
      - far=10.0.0.2
x-note: {deep: [[{ssh: [a]}]]}
""")
    found = {one["key"]: one for one in json.loads(stackferry("config", "--origins", "--format", "json").out)}

    told = {key: (one["value"], one["line"]) for key, one in found.items() if key.endswith("]")}
    assert told == {
        "services.web.build.ssh[0]": ("default", 6),
        "services.web.build.ssh[1]": ("key=/k", 7),
        "services.web.build.extra_hosts[0]": ("near=10.0.0.1", 8),
        "services.web.extra_hosts[0]": ("far=10.0.0.2", 11),
        "services.web.extra_hosts[1]": ("far=10.0.0.3", 10),
        "x-note.deep[0][0].ssh[0]": ("a", 12),
    }


def test_names_and_values_are_told_as_json_tells_them(here, stackferry):
    (here / "compose.yaml").write_text("""\
services: {web: {image: x}}
x-odd: {'a "b"': {"c\\n": [1.5, null, true, {}, [], 'd "e" $$f']}, "": {"": 0}}
""")
    found = [
        one
        for one in json.loads(stackferry("config", "--origins", "--format", "json").out)
        if one["path"][0] == "x-odd"
    ]

    assert [(one["key"], one["path"], one.get("value", "holds")) for one in found] == [
        ("x-odd", ["x-odd"], "holds"),
        ("x-odd.", ["x-odd", ""], "holds"),
        ("x-odd..", ["x-odd", "", ""], 0),
        ('x-odd.a "b"', ["x-odd", 'a "b"'], "holds"),
        ('x-odd.a "b".c\n', ["x-odd", 'a "b"', "c\n"], "holds"),
        *(
            (f'x-odd.a "b".c\n[{at}]', ["x-odd", 'a "b"', "c\n", at], value)
            for at, value in enumerate([1.5, None, True, {}, [], 'd "e" $f'])
        ),
    ]


def test_paths_that_together_are_beyond_all_measure_are_refused_before_anything_is_printed(here, stackferry):
    # 25,000 items below a hundred kilobytes of names: two and a half gigabytes of paths.
    levels = "".join(f"{{{'k' * 1000}: " for _ in range(90))
    (here / "compose.yaml").write_text(f"services: {{web: {{image: x}}}}\nx-a: {levels}[{'a,' * 25_000}]{'}' * 90}\n")
    (here / "out.json").write_text("mine")
    asked = ("config", "--origins", "--format", "json")

    refused, to_file, plain = stackferry(*asked), stackferry(*asked, "-o", "out.json"), stackferry(*asked[:2])

    assert (refused.code, refused.out) == (1, "")
    assert "omit --format json" in refused.err
    assert (to_file.code, (here / "out.json").read_text()) == (1, "mine")
    assert (plain.code, plain.out.count("- a ")) == (0, 25_000)
