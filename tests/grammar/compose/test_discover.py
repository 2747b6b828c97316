"""Which files, folder, variables and name a load uses."""

import pytest

from stackferry.grammar.compose.discover import LONGEST_NAME, normal_name
from tests.grammar.making import FILE, loaded, problems

STACK = "services: {web: {image: 'x:${TAG:-none}'}}\n"


def image(given: dict[str, str], **rest: object) -> str:
    return str(loaded(given, **{"files": (), **rest}).canonical()["services"]["web"]["image"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "used"),
    [
        (("compose.yaml", "compose.yml"), ("compose.yaml",)),
        (("docker-compose.yml", "docker-compose.yaml"), ("docker-compose.yml",)),
        (("compose.yaml", "compose.override.yaml"), ("compose.yaml", "compose.override.yaml")),
        (("compose.yml", "docker-compose.override.yml"), ("compose.yml", "docker-compose.override.yml")),
        (("../compose.yaml",), ("../compose.yaml",)),
    ],
)
def test_the_names_that_are_looked_for(files: tuple[str, ...], used: tuple[str, ...]) -> None:
    found = loaded(dict.fromkeys(files, STACK), files=()).files

    assert found == tuple(f"/home/me/{name[3:]}" if name[:2] == ".." else f"/home/me/shop/{name}" for name in used)


@pytest.mark.parametrize(
    ("environment", "request_", "expected"),
    [
        ({}, {}, "x:dot"),
        ({"TAG": "mine"}, {}, "x:mine"),
        ({}, {"env_files": ("a.env",)}, "x:a"),
        ({}, {"env_files": ("a.env", "b.env")}, "x:b"),
        ({"COMPOSE_ENV_FILES": "a.env,b.env"}, {}, "x:b"),
        ({"COMPOSE_DISABLE_ENV_FILE": "1"}, {}, "x:none"),
        ({"COMPOSE_DISABLE_ENV_FILE": "1"}, {"env_files": ("a.env",)}, "x:a"),
        ({"COMPOSE_FILE": "sub/o.yaml"}, {}, "x:dot"),
        ({"COMPOSE_FILE": f"{FILE}:p.yaml"}, {}, "y"),
        ({"COMPOSE_FILE": f"{FILE};p.yaml", "COMPOSE_PATH_SEPARATOR": ";"}, {}, "y"),
    ],
)
def test_where_variables_and_files_come_from(
    environment: dict[str, str], request_: dict[str, object], expected: str
) -> None:
    files = {
        FILE: STACK,
        ".env": "TAG=dot\n",
        "a.env": "TAG=a\n",
        "b.env": "TAG=b\n",
        "sub/o.yaml": STACK,
        "p.yaml": "services: {web: {image: y}}\n",
    }

    assert image(files, environment=environment, **request_) == expected


@pytest.mark.parametrize(
    ("text", "environment", "request_", "name"),
    [
        (STACK, {}, {}, "shop"),
        (STACK + "name: said\n", {}, {}, "said"),
        (STACK + "name: ${WHO}\n", {"WHO": "me"}, {}, "me"),
        (STACK + "name: said\n", {"COMPOSE_PROJECT_NAME": "set"}, {}, "set"),
        (STACK + "name: said\n", {"COMPOSE_PROJECT_NAME": "set"}, {"project_name": "asked"}, "asked"),
        (STACK, {}, {"project_directory": "/srv/My App"}, "myapp"),
    ],
)
def test_the_name(text: str, environment: dict[str, str], request_: dict[str, object], name: str) -> None:
    assert loaded(text, environment=environment, **request_).name == name


@pytest.mark.parametrize(("text", "name"), [("Shop", "shop"), ("my.app", "myapp"), ("_-a_b-", "a_b-"), ("é", "")])
def test_a_name_made_legal(text: str, name: str) -> None:
    assert normal_name(text) == name


@pytest.mark.parametrize(
    ("given", "rest", "told"),
    [
        ({}, {}, "no compose file found in this folder or any parent folder"),
        ({}, {"environment": {"COMPOSE_FILE": "no.yaml"}}, "COMPOSE_FILE refers to 'no.yaml', which does not exist"),
        ({FILE: STACK}, {"project_name": "My App"}, "invalid project name 'My App' (-p)"),
        ({FILE: STACK}, {"env_files": ("no.env",)}, "env file no.env not found"),
        ({FILE: STACK}, {"cwd": "/", "files": ("/compose.yaml",)}, "cannot derive a project name from '/'"),
        (
            {FILE: f"{STACK}name: {'a' * 5000}\n"},
            {},
            f"name: in the compose file is longer than {LONGEST_NAME} characters",
        ),
    ],
)
def test_what_is_refused(given: dict[str, str], rest: dict[str, object], told: str) -> None:
    assert any(told in one for one in problems(given, **{"files": (), **rest}))
