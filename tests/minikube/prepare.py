"""Makes everything that the rig needs, once, in the cache: programs, minikube, the node's disc, the offline cache.

`prepare.sh` runs it, behind `make test-minikube`. Ends with 0 also when there is no way: the tests then say why.
"""

import fcntl
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests import cache
from tests.cluster import build
from tests.minikube import binary, disc, offline

STEPS = (
    # what it is, where it is kept, what makes it
    ("minikube", binary.program, binary.make),
    ("the node's disc", disc.disc, disc.make),
    ("minikube's offline cache", offline.folder, offline.make),
)


def missing() -> list[str]:
    """What is not kept yet."""
    programs = [] if build.built("minikube") else ["programs"]
    return programs + [name for name, place, _ in STEPS if not place().exists()]


def make() -> None:
    """Make what is missing. Raises `build.UnavailableError`."""
    build.build("minikube")
    with open(cache.folder() / "minikube.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, place, step in STEPS:
            if not place().exists():
                begun = time.monotonic()
                print(f"minikube: making {name}", file=sys.stderr)
                step()
                print(f"minikube: {name} took {time.monotonic() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    try:
        make()
    except (build.UnavailableError, OSError) as reason:
        print(reason, file=sys.stderr)
