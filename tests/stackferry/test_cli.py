"""The command as a process: help, version, broken pipes, interrupts."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry import __version__

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "stackferry"]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": "/nonexistent"}


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=ENVIRONMENT, capture_output=True, text=True, **options)


def test_version():
    """Scripts read the first line."""
    first, second = run("--version").stdout.splitlines()

    assert first == f"stackferry {__version__}"
    assert second.startswith("Works like docker compose ")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help(arguments):
    done = run(*arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: stackferry" in done.stdout
    assert "convert" in done.stdout


def test_the_installed_script_is_the_same_command():
    import importlib.metadata

    scripts = importlib.metadata.entry_points(group="console_scripts", name="stackferry")
    if not scripts:
        pytest.skip("stackferry is not installed here, only on the path")
    [script] = scripts

    assert script.value == "stackferry.start:main"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n" + "".join(f"  s{number}: {{image: nginx}}\n" for number in range(2000)))
    return path


def test_a_reader_that_goes_away_hears_no_complaint(large):
    command = f"{sys.executable} -m stackferry -f {large} config | head -n 1"
    done = subprocess.run(["bash", "-c", command], env=ENVIRONMENT, capture_output=True, text=True)

    assert done.stdout.startswith("name: ")
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_an_error(large):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "-f", str(large), "config"], env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_leaves_130_and_no_traceback():
    process = subprocess.Popen(
        [*COMMAND, "-f", "-", "config"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever started the tests in the background had them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - it is one call
    )
    assert process.stdin
    try:
        # More than a pipe holds: once this returns, the command is past its start and reads.
        process.stdin.write("#" * 300_000)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    finally:
        process.kill()

    assert (process.returncode, err) == (130, "")
