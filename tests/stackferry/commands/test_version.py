"""`version` in docker compose's format."""

import subprocess
import sys

import pytest

from stackferry import __version__
from stackferry.grammar.compose_reference import COMPOSE_GO, COMPOSE_GO_CARRIER, DOCKER_COMPOSE
from tests.compose5.build import BINARY, LOADER, SOURCES
from tests.compose5.peer import docker_compose

PRETTY = (
    f"stackferry {__version__}\nWorks like docker compose {DOCKER_COMPOSE}."
    f" Loads files like compose-go {COMPOSE_GO} (docker compose {COMPOSE_GO_CARRIER})."
)

JSON = f'{{"version":"{__version__}","docker-compose":"{DOCKER_COMPOSE}","compose-go":"{COMPOSE_GO}"}}'


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], PRETTY),
        (["--short"], __version__),
        (
            ["-f", "json"],
            f'{{"version":"{__version__}","docker-compose":"{DOCKER_COMPOSE}","compose-go":"{COMPOSE_GO}"}}',
        ),
        (["--format=pretty"], PRETTY),
    ],
)
def test_version(here, stackferry, options, says):
    assert stackferry("version", *options) == (0, f"{says}\n", "")


def test_the_switch_and_the_command_say_the_same(stackferry):
    assert stackferry("--version") == stackferry("version") == (0, f"{PRETTY}\n", "")


def test_what_it_says_is_what_tests_compare_with() -> None:
    """Whoever builds a newer reference (`make compose5`) raises what `version` says."""
    asked = {name: (SOURCES / name / "go.mod").read_text() for name in ("binary", "loader")}

    assert f"github.com/docker/compose/v5 v{DOCKER_COMPOSE}\n" in asked["binary"]
    assert f"github.com/compose-spec/compose-go/v2 v{COMPOSE_GO}\n" in asked["loader"]
    assert (BINARY.name, LOADER.name) == (f"docker compose {DOCKER_COMPOSE}", f"compose-go {COMPOSE_GO}")
    assert f"internal.Version=v{DOCKER_COMPOSE}" in BINARY.linker


@pytest.mark.real
def test_the_program_that_is_built_is_that_release() -> None:
    said = subprocess.run([docker_compose(), "version", "--short"], capture_output=True, text=True, check=True)

    assert said.stdout.strip().removeprefix("v") == DOCKER_COMPOSE


def test_it_loads_no_loader() -> None:
    script = "import sys; from stackferry.cli import main; main(['version']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert "stackferry.commands.version" in loaded
    assert not {"yaml", "lark", "stackferry.grammar.compose"} & {*loaded}
