"""The project's demo as a test's stack: its own compose file, with images built without a registry.

Its two Dockerfiles begin with images of Python. In the copy they get this machine's Python instead, as a tar that the
builder unpacks; the servers are those of tests/cluster/images.py, loaded into the engine under their official names.
"""

import importlib.util
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from types import ModuleType

from tests.cluster import images
from tests.minikube.rig import Rig
from tests.minikube.stack import Stack

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
TAG = "rig"
BUILT = (f"guestbook-web:{TAG}", f"guestbook-worker:{TAG}")
PYTHON = "ADD python.tar /"
CHANGES = {
    # Dockerfile: what it needs a registry for, and what takes its place
    "web": ("FROM python:3.13-alpine", f"FROM busybox:1\n{PYTHON}"),
    "worker": ("RUN apk add --no-cache python3", f"{PYTHON}\nRUN ln -s python /usr/local/bin/python3"),
}
SERVICES = ("db", "proxy", "redis", "web", "worker")


def load_servers(*names: str) -> None:
    """Have the engine know images that nobody builds here: these, or all that the demo wants."""
    for name in names or ("busybox:1", *images.SERVERS):
        (archive,) = images.system().glob(f"*-{re.sub('[/:]', '-', name)}.tar")
        subprocess.run(["docker", "load", "-q", "-i", archive], check=True, capture_output=True)


def copied(rig: Rig, folder: Path) -> Stack:
    """The demo in a folder, ready for `up`."""
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".env").write_text(f"TAG={TAG}\n", "utf-8")
    python = _image_maker().root()
    for name, (before, after) in CHANGES.items():
        dockerfile = folder / name / "Dockerfile"
        text = dockerfile.read_text("utf-8")
        assert before in text, f"{dockerfile} is another one: {text}"
        dockerfile.write_text(text.replace(before, after), "utf-8")
        (folder / name / "python.tar").write_bytes(python)
    return Stack(rig, folder)


def remove_images() -> None:
    """Take from the engine what was built."""
    subprocess.run(["docker", "rmi", "-f", *BUILT], capture_output=True, check=False)


def page(url: str) -> str:
    """A page of the guest book."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def _image_maker() -> ModuleType:
    """fixtures/demo/local/image.py: a script of the demo, and no module of a package."""
    spec = importlib.util.spec_from_file_location("guestbook_image", DEMO / "local" / "image.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
