"""Another user of this machine, for tests by root: the files that he makes, and those that he cannot read."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

STRANGER = 65534
by_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder in which everybody may make something, as /dev/shm is."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o1777)
        yield Path(folder)


def stranger(script: str) -> subprocess.CompletedProcess[str]:
    """A script of the shell's, by another user."""
    return subprocess.run(
        ["/bin/sh", "-c", script], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True, text=True
    )
