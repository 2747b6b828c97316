"""`version` as docker compose has it."""

import pytest

from stackferry import __version__


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], f"stackferry {__version__}"),
        (["--short"], __version__),
        (["-f", "json"], f'{{"version":"{__version__}"}}'),
        (["--format=pretty"], f"stackferry {__version__}"),
    ],
)
def test_version(here, stackferry, options, says):
    assert stackferry("version", *options) == (0, f"{says}\n", "")
