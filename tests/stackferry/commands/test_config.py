"""`stackferry config`."""

import json

import pytest
import yaml

STACK = """\
services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    depends_on: [api]
    networks: [front]
  api:
    build: ./api
    volumes: ["data:/data"]
    environment: {PRICE: 5$$}
    env_file: api.env
  tool:
    image: busybox
    profiles: [tools]
networks: {front: {}}
volumes: {data: {}}
"""


@pytest.fixture
def stack(here):
    (here / "compose.yaml").write_text(STACK)
    (here / "api.env").write_text("KEY=value\n")
    return here


def test_yaml_and_json_say_the_same(stack, stackferry):
    as_yaml, as_json = stackferry("config"), stackferry("config", "--format", "json")

    assert (as_yaml.code, as_yaml.err, as_json.code, as_json.err) == (0, "", 0, "")
    services = [yaml.safe_load(as_yaml.out)["services"], json.loads(as_json.out)["services"]]
    assert [one["api"]["environment"] for one in services] == [{"KEY": "value", "PRICE": "5$$"}] * 2
    assert services[0]["web"]["ports"] == services[1]["web"]["ports"]


def test_the_canonical_form_is_its_own_canonical_form(stack, stackferry):
    first = stackferry("config").out
    (stack / "again.yaml").write_text(first)

    assert stackferry("-f", "again.yaml", "config").out == first


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--services", "api\nweb\n"),
        ("--volumes", "data\n"),
        ("--networks", "default\nfront\n"),
        ("--profiles", "tools\n"),
        ("--images", "nginx:1.27\nshop-api\n"),
        ("--models", ""),
    ],
)
def test_lists_of_names(stack, stackferry, option, expected):
    assert stackferry("config", option) == (0, expected, "")


def test_some_services_and_what_they_depend_on(stack, stackferry):
    assert stackferry("config", "--services", "api").out == "api\n"
    assert list(json.loads(stackferry("config", "--format", "json", "web").out)["services"]) == ["api", "web"]


def test_an_unknown_service(stack, stackferry):
    outcome = stackferry("config", "wb")

    assert (outcome.code, outcome.out) == (1, "")
    assert "wb" in outcome.err


def test_quiet(stack, stackferry):
    assert stackferry("config", "-q") == (0, "", "")


def test_output_to_a_file(stack, stackferry):
    expected = stackferry("config").out

    assert stackferry("config", "-o", "out.yaml") == (0, "", "")
    assert (stack / "out.yaml").read_text() == expected


def test_output_to_where_nothing_can_be(stack, stackferry):
    assert stackferry("config", "-o", "missing/out.yaml") == (
        1,
        "",
        "error: missing/out.yaml: No such file or directory\n",
    )


def test_switches_turn_phases_off(stack, stackferry):
    (stack / "compose.yaml").write_text("services: {web: {build: ./web, env_file: web.env, image: 'a:${TAG}'}}\n")

    assert stackferry("config").code == 1
    outcome = stackferry(
        "config",
        "--no-interpolate",
        "--no-normalize",
        "--no-path-resolution",
        "--no-consistency",
        "--no-env-resolution",
    )
    service = yaml.safe_load(outcome.out)["services"]["web"]
    assert outcome.code == 0
    assert service["image"] == "a:${TAG}"
    assert service["build"]["context"] == "./web"
    assert "networks" not in service


def test_a_list_of_names_needs_no_env_file(stack, stackferry):
    (stack / "api.env").unlink()

    assert stackferry("config").code == 1
    assert stackferry("config", "--services").code == 0


def test_all_problems_at_once_with_place_line_and_hint(stack, stackferry):
    (stack / "compose.yaml").write_text("services:\n  web:\n    image: nginx\n    replica: 3\n    prots: ['80']\n")

    outcome = stackferry("config")

    assert (outcome.code, outcome.out) == (1, "")
    lines = outcome.err.splitlines()
    assert lines[0].startswith("compose.yaml:4:5: error[")
    assert lines[1:3] == ["    4 |     replica: 3", "      |     ^"]
    assert any(line.startswith("compose.yaml:5:5: error[") for line in lines)
    assert any(line.startswith("  hint: ") and "'ports'" in line for line in lines)


def test_problems_for_a_machine(stack, stackferry):
    (stack / "compose.yaml").write_text("services:\n  web:\n    image: nginx\n    prots: ['80']\n")

    outcome = stackferry("config", "--format", "json")

    [problem] = json.loads(outcome.err)
    assert (outcome.code, outcome.out) == (1, "")
    assert (problem["path"], problem["line"], problem["column"], problem["severity"]) == ("compose.yaml", 4, 5, "error")


def test_a_problem_on_standard_input_shows_its_line(here, stackferry, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"services:\n  web:\n    prots: []\n    image: a\n")))

    outcome = stackferry("-f", "-", "config")

    assert outcome.err.startswith("-:3:5: error[")
    assert "    3 |     prots: []\n      |     ^\n" in outcome.err


def test_no_file_at_all(secluded, stackferry):
    outcome = stackferry("config")

    assert (outcome.code, outcome.out) == (1, "")
    assert "compose.yaml" in outcome.err


@pytest.mark.parametrize("arguments", [("config", "--format", "toml"), ("config", "--nonsense"), ("confg",)])
def test_wrong_usage(here, stackferry, arguments):
    outcome = stackferry(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert "Error: " in outcome.err


def test_colour_only_when_asked(stack, stackferry):
    (stack / "compose.yaml").write_text("services: {web: {prots: []}}\n")

    assert "\033[" not in stackferry("config").err
    assert "\033[1;31m" in stackferry("config", "--color", "always").err
    assert "\033[1;31m" in stackferry("--color=always", "config").err


BASE = "services: {web: {image: nginx}}\n"
PART = "services: {web: {ports: ['80:80']}}\n"


def test_each_file_on_its_own(here, stackferry):
    """As one stack, the second would mend the first."""
    (here / "a.yaml").write_text("services: {web: {imge: nginx}}\n")
    (here / "b.yaml").write_text("services: {web: {ports: ['80:80']}}\n")
    (here / "c.yaml").write_text(BASE)
    outcome = stackferry("config", "--each", "--", "c.yaml", "a.yaml", "gone.yaml", "b.yaml")

    assert (outcome.code, outcome.out) == (1, "")
    assert [line.split(": ")[0] for line in outcome.err.splitlines() if "error[" in line] == [
        "a.yaml:1:18",
        "error[file-unreadable]",
        "b.yaml:1:12",
    ]
    assert stackferry("config", "--quiet", "--each", "--", "c.yaml") == (0, "", "")
    assert stackferry("config", "--each") == (0, "", "")


@pytest.mark.parametrize(
    ("base", "override"),
    [
        ("compose.yaml", "compose.override.yaml"),
        ("compose.yaml", "compose.override.yml"),
        ("compose.yml", "compose.override.yaml"),
        ("docker-compose.yml", "docker-compose.override.yaml"),
        ("docker-compose.yml", "compose.override.yml"),
        ("web.yaml", "web.override.yml"),
        ("deep/compose.prod.yml", "deep/compose.prod.override.yml"),
    ],
)
def test_an_override_together_with_its_base(here, stackferry, base, override):
    (here / "deep").mkdir()
    (here / base).write_text(BASE)
    (here / override).write_text(PART)

    assert stackferry("config", "--each", override) == (0, "", "")
    assert stackferry("config", "--each", base, override) == (0, "", "")


def test_an_override_without_a_base(here, stackferry):
    (here / "compose.override.yaml").write_text(PART)
    (here / "other").mkdir()
    (here / "other" / "compose.yaml").write_text(BASE)

    assert stackferry("config", "--each", "compose.override.yaml").code == 1


def test_a_mistake_of_the_base_is_told_once(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {imge: nginx}}\n")
    (here / "compose.override.yaml").write_text(PART)

    assert stackferry("config", "--each", "compose.override.yaml", "compose.yaml").err.count("error[unknown-key]") == 1


def test_a_folder_that_is_reached_through_a_link_has_the_name_of_the_link(here, stackferry, monkeypatch):
    (here / "releases" / "42").mkdir(parents=True)
    (here / "releases" / "42" / "compose.yaml").write_text("services: {web: {build: ., volumes: ['./data:/data']}}")
    (here / "current").symlink_to("releases/42")
    monkeypatch.chdir(here / "current")
    monkeypatch.setenv("PWD", f"{here}/current")

    outcome = stackferry("config", "--format", "json")

    document = json.loads(outcome.out)
    web = document["services"]["web"]
    assert document["name"] == "current"
    assert web["build"]["context"] == f"{here}/current"
    assert web["volumes"][0]["source"] == f"{here}/current/data"
