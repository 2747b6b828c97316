"""`version` as docker compose has it."""

import pytest

from stackferry import __version__
from stackferry.grammar.compose.reference import COMPOSE_GO

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
