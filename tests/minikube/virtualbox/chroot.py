"""The real VirtualBox, in a folder of the cache: Debian has it only in unstable, in contrib.

Its kernel modules are not built, so it starts no machine and makes no host-only interface; all the rest works.
"""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from tests import cache

MIRROR = "http://deb.debian.org/debian"
PACKAGES = ("virtualbox", "virtualbox-source")
"""The second one satisfies the first one's wish for modules, and builds nothing."""

OPTIONS = (
    *("--mode=root", "--variant=minbase", "--components=main contrib", "--dpkgopt=force-unsafe-io"),
    # A machine whose clock is ahead takes the list of unstable for stale.
    *('--aptopt=Acquire::Check-Valid-Until "false"', '--aptopt=APT::Install-Recommends "false"'),
    *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale", "info")),
)


def folder() -> Path:
    """The root of a Debian with VirtualBox in it; made at the first call. Raises OSError if that cannot be."""
    digest = hashlib.sha256(f"{MIRROR} {PACKAGES} {OPTIONS}".encode()).hexdigest()[:16]
    kept = cache.folder() / f"minikube-virtualbox-{digest}"
    if not kept.is_dir():
        cache.folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache.folder()) as made:
            root = Path(made) / "root"
            words = ["mmdebstrap", *OPTIONS, f"--include={','.join(PACKAGES)}", "sid", str(root), MIRROR]
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if done.returncode:
                raise OSError(f"no VirtualBox: {done.stderr.strip().splitlines()[-1]}")
            os.rename(root, kept)
    return kept
