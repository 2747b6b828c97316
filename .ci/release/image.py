"""Builds the container image of this tree: `make image`. Only getting the base image and the wheels needs a network.

The wheels of stackferry and of all it needs are gathered on this machine, for the Python of the base image; the build
itself (`Dockerfile` beside this file) installs them and asks nobody.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = Path(__file__).with_name("Dockerfile")
BASE = re.findall(r"^ARG BASE=(.+)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)[0]

# What a Python says of itself, in the words by which pip chooses wheels.
ASK = """
import json, platform, sys
print(json.dumps([*sys.version_info[:2], platform.machine(), platform.libc_ver()[0]]))
"""


GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
MUSL = ("musllinux_1_2", "musllinux_1_1")


@dataclass(frozen=True, slots=True)
class Target:
    """The Python of a base image: (3, 13), the machine (`x86_64`), and whether its C library is glibc or musl."""

    version: tuple[int, int]
    machine: str
    glibc: bool

    def options(self) -> list[str]:
        """The words by which `pip download` takes wheels for it."""
        number = "{}{}".format(*self.version)
        kinds = GLIBC if self.glibc else MUSL
        words = ["--only-binary=:all:", "--implementation", "cp", "--python-version", number]
        for abi in (f"cp{number}", "abi3", "none"):
            words += ["--abi", abi]
        for kind in kinds:
            words += ["--platform", f"{kind}_{self.machine}"]
        return words


class ImageError(Exception):
    """The image cannot be built; the message says why and what to do, in one line or a few."""


def target(said: str) -> Target:
    """What the base image's Python answered to `ASK`."""
    major, minor, machine, library = json.loads(said)
    return Target((major, minor), machine, library == "glibc")


def build(base: str, names: list[str], version: str, wheel: Path | None = None) -> None:
    """Build the image under all these names; of `wheel`, else of the tree. Raises `ImageError`."""
    if shutil.which("docker") is None:
        raise ImageError("there is no docker command on this machine")
    asked = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python", base, "-c", ASK]
    python = target(
        _run(asked, f"the base image {base} cannot be run; BASE=IMAGE takes another one, with Python and pip")
    )
    with tempfile.TemporaryDirectory(prefix="stackferry-image-") as folder:
        wheels = Path(folder) / "wheels"
        if wheel is None:
            words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(wheels)]
            _run(words, "the wheel cannot be built")
            wheel = next(wheels.glob("*.whl"))
        words = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        _run([*words, "--dest", str(wheels), *python.options(), str(wheel)], "the wheels cannot be fetched")
        words = ["docker", "build", "--file", str(DOCKERFILE), "--build-arg", f"BASE={base}"]
        words += ["--label", f"org.opencontainers.image.version={version}"]
        for name in names:
            words += ["--tag", name]
        _run([*words, folder], "docker cannot build the image")


def _run(words: list[str], failure: str) -> str:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-5:])
        raise ImageError(f"{failure}:\n{last}")
    return done.stdout


def main() -> int:
    """Build what the command line asks for."""
    sys.path.insert(0, str(ROOT))
    from stackferry import __version__

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default=BASE, help=f"the image to build on: it has Python and pip (default: {BASE})")
    parser.add_argument("--name", default="stackferry", help="the image's name, without a tag (default: stackferry)")
    chosen = parser.parse_args()
    names = [f"{chosen.name}:{__version__}", f"{chosen.name}:latest"]
    try:
        build(chosen.base, names, __version__)
    except ImageError as error:
        print(f"no image: {error}", file=sys.stderr)
        return 1
    print("\n".join(names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
