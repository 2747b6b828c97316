"""Partial import of typer: one of its modules alone, and all of it on demand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def python(script: str) -> str:
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.defpath}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


PARTS = "from stackferry.options.light_typer import in_parts; in_parts(); import typer._click.parser, sys\n"


def test_a_module_alone():
    loaded = python(PARTS + "print(*sorted(one for one in sys.modules if one.startswith('typer')))").split()

    assert loaded == [
        "typer",
        "typer._click",
        "typer._click._compat",
        "typer._click.exceptions",
        "typer._click.globals",
        "typer._click.parser",
        "typer._click.utils",
        "typer.exceptions",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "import typer; typer.Option",
        "from typer import Typer",
        "import typer.main; typer.main.get_command",
        "from typer.core import TyperCommand",
        "from typer._click import Context",
        "from typer._click.core import Command",
        "import typer; typer.__version__",
        "from stackferry.root import app",
    ],
)
def test_all_of_it(asked):
    """Whoever asks for anything gets it, and a class is one class."""
    script = (
        f"{PARTS}error = typer._click.exceptions.UsageError\n{asked}\n"
        "import typer, typer.testing\n"
        "from typer._click.exceptions import UsageError\n"
        "assert UsageError is error and issubclass(typer.BadParameter, error)\n"
        "app = typer.Typer()\n"
        "app.command()(lambda: print('ran'))\n"
        "typer.main.get_command(app).main([], standalone_mode=False)"
    )

    assert python(script) == "ran\n"


def test_what_is_not_there():
    script = PARTS + "import typer\nprint(hasattr(typer, 'nothing'), hasattr(typer._click, '__wrapped__'))"

    assert python(script) == "False False\n"


def test_after_typer_nothing_changes():
    script = "import typer\nbefore = typer.Option\n" + PARTS + "print(typer.Option is before, type(typer).__name__)"

    assert python(script) == "True module\n"
