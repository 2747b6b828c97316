"""`version` as docker compose has it."""

import subprocess
import sys

import pytest

from stackferry import __version__
from stackferry.grammar.compose_reference import COMPOSE_GO

PRETTY = f"stackferry {__version__}, reading compose files as compose-go {COMPOSE_GO} (docker compose 5.7)"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], PRETTY),
        (["--short"], __version__),
        (["-f", "json"], f'{{"version":"{__version__}","compose-go":"{COMPOSE_GO}"}}'),
        (["--format=pretty"], PRETTY),
    ],
)
def test_version(here, stackferry, options, says):
    assert stackferry("version", *options) == (0, f"{says}\n", "")


def test_it_loads_no_loader() -> None:
    script = "import sys; from stackferry.cli import main; main(['version']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert "stackferry.commands.version" in loaded
    assert not {"yaml", "lark", "stackferry.grammar.compose"} & {*loaded}
