"""Debian's image registry, unpacked but not installed: an installed one would start with the machine."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import cache

PACKAGE = "docker-registry"
ACCOUNT = ("gordon", "a-test-and-no-secret")
# Of the account above, as `htpasswd -B` would write it.
_HTPASSWD = "gordon:$2b$05$abcdefghijklmnopqrstuuy1jEJ6moDhufAr9tqPvZhFNHlBX.udy\n"
_CONFIG = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: ":5000"}}
auth: {{htpasswd: {{realm: tutorial, path: {folder}/htpasswd}}}}
"""


def program() -> Path:
    """Where it is; it is fetched once. Skips where there is none to be had."""
    if installed := shutil.which(PACKAGE):
        return Path(installed)
    kept = cache.folder() / PACKAGE / "usr" / "bin" / PACKAGE
    if kept.exists():
        return kept
    if shutil.which("apt-get") is None:
        pytest.skip(f"no {PACKAGE} on the PATH, and this is no Debian: install it by hand")
    with tempfile.TemporaryDirectory(dir=_made(cache.folder())) as folder:
        for words in (["apt-get", "download", "-q", PACKAGE], ["bash", "-c", f"dpkg -x {PACKAGE}_*.deb {PACKAGE}"]):
            done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"no {PACKAGE}: {' '.join(words)}: {done.stderr.strip()}")
        # Whoever was faster has the same.
        shutil.copytree(Path(folder) / PACKAGE, cache.folder() / PACKAGE, dirs_exist_ok=True, symlinks=True)
    return kept


def configured(folder: Path) -> Path:
    """Its configuration, with one account, for port 5000; all it keeps is in the folder."""
    _made(folder)
    (folder / "htpasswd").write_text(_HTPASSWD, encoding="utf-8")
    (folder / "config.yml").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    return folder / "config.yml"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
