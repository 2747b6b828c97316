"""Fetches Debian packages and unpacks them, once, into the cache; nothing is installed and nothing is started."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests import cache

PACKAGES = ("postgresql-15", "redis-server", "nginx-light", "curl")
"""Whose programs stand in for those of the official images."""


def held() -> Path | None:
    """The folder that looks like `/` with the packages in it, if it is kept already."""
    return _folder() if _folder().is_dir() else None


def fetch() -> str | None:
    """Fetch what is not kept; the answer is why that cannot be, in one line."""
    if held():
        return None
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return "this is no Debian"
    cache.folder().mkdir(parents=True, exist_ok=True)
    with open(cache.folder() / "cluster-debian.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return None if held() else _fetch()


def _folder() -> Path:
    digest = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:16]
    return cache.folder() / f"cluster-debian-{digest}"


def _fetch() -> str | None:
    with tempfile.TemporaryDirectory(dir=cache.folder()) as made:
        archives, root = Path(made) / "archives", Path(made) / "root"
        (archives / "partial").mkdir(parents=True)
        words = ["apt-get", "install", "--download-only", "--no-install-recommends", "-y", "-qq"]
        # One that is installed is fetched as well: --reinstall. Only files of ours are written, so no lock is needed.
        words += ["--reinstall", "-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", *PACKAGES]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["apt-get failed"])[-1]
        for archive in sorted(archives.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", archive, root], check=True)
        root.chmod(0o755)
        root.rename(_folder())
    return None


if __name__ == "__main__":
    reason = fetch()
    if reason:
        print(f"no programs of Debian for the images: {reason} (tests/cluster)", file=sys.stderr)
