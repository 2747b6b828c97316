"""Prepares a release and stops before anything is published: `make release`.

Looks whether the tree, the version and the changelog fit, writes the changelog, builds the sdist and the wheel into
dist/, installs both (tests/test_wheel.py), builds the image where docker answers, and prints the commands that are
left.
It can be repeated: a changelog that is written already, committed or not, is gone on with.
"""

import argparse
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import image

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = "CHANGELOG.md"
FRAGMENTS = "changelog.d/"
RELEASE = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")


class ReleaseError(Exception):
    """Something is missing for a release; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What of a working tree decides whether it can be released."""

    version: str
    changed: tuple[str, ...] = ()  # paths that differ from the last commit, and files that git does not know
    fragments: tuple[str, ...] = ()  # names in changelog.d/
    written: bool = False  # the changelog has a section of this version
    tagged: str = ""  # "": this version has no tag; "here": it is that of the last commit; "elsewhere"

    @property
    def tag(self) -> str:
        """The tag that this version gets."""
        return f"v{self.version}"


@dataclass(frozen=True, slots=True)
class Made:
    """What a release consists of: paths below the tree, and the image's name, or "" and why there is none."""

    sdist: str
    wheel: str
    image: str = ""
    no_image: str = ""


def problems(tree: Tree) -> list[str]:
    """Everything that keeps this tree from being released, a sentence each."""
    found = []
    if not RELEASE.fullmatch(tree.version):
        found.append(f"{tree.version} is no version of a release: set __version__ in stackferry/__init__.py")
    if tree.tagged == "elsewhere":
        found.append(f"another commit has the tag {tree.tag}: raise __version__ in stackferry/__init__.py")
    if tree.fragments and tree.written:
        found.append(
            f"{CHANGELOG} has a section of {tree.version}, and {FRAGMENTS} has what is not in it"
            f" ({', '.join(tree.fragments)}): raise __version__ in stackferry/__init__.py"
        )
    if not tree.fragments and not tree.written:
        found.append(
            f"{FRAGMENTS} is empty, and {CHANGELOG} has no section of {tree.version}: there is nothing to release"
        )
    expected = tree.written and not tree.fragments
    strange = [path for path in tree.changed if not (expected and path.startswith((CHANGELOG, FRAGMENTS)))]
    if strange:
        found.append(f"the tree is not clean, commit or remove: {', '.join(strange)}")
    return found


def left(tree: Tree, made: Made) -> str:
    """What whoever releases does by hand, in this order."""
    words = [f"stackferry {tree.version} is ready. Nothing is published. What is left, in this order:", ""]
    if tree.changed:
        words.append(f'  git commit -m "Release {tree.version}"    # the changelog, which is staged')
    if not tree.tagged:
        words.append(f'  git tag -a {tree.tag} -m "stackferry {tree.version}"')
    words.append(f"  git push origin HEAD {tree.tag}")
    words.append(f"  pipx run twine upload {made.sdist} {made.wheel}")
    if made.image:
        words.append(f"  docker tag {made.image} REGISTRY/{made.image}")
        words.append(f"  docker push REGISTRY/{made.image}")
    else:
        words += ["", f"There is no image: {made.no_image}"]
    return "\n".join(words)


def look() -> Tree:
    """The working tree that this file is in. Raises `ReleaseError` where git knows of none."""
    text = (ROOT / "stackferry" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise ReleaseError("stackferry/__init__.py has no __version__")
    version = found[1]
    # Two columns of letters and a blank before each path.
    changed = _git("status", "--porcelain", "--no-renames", "--untracked-files=all").splitlines()
    fragments = sorted(path.name for path in (ROOT / FRAGMENTS).glob("*.*.md"))
    sections = (ROOT / CHANGELOG).read_text(encoding="utf-8")
    tagged = ""
    if _git("tag", "--list", f"v{version}"):
        here = _git("rev-parse", "HEAD") == _git("rev-parse", f"v{version}^{{commit}}")
        tagged = "here" if here else "elsewhere"
    written = f"\n## {version} (" in sections
    return Tree(version, tuple(line[3:] for line in changed), tuple(fragments), written, tagged)


def _git(*words: str) -> str:
    return _output("git", *words)


def _output(*words: str) -> str:
    """What a program prints; its last words are the error."""
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-5:])
        raise ReleaseError(f"`{' '.join(words)}` failed:\n{last}")
    return done.stdout.rstrip("\n")


def distributions(version: str, folder: Path) -> tuple[Path, Path]:
    """The sdist, and the wheel that its unpacked files give, in `folder`, where those of this version are replaced."""
    for old in folder.glob(f"stackferry-{version}[-.]*"):
        old.unlink()
    _hatch(ROOT, "sdist", folder)
    sdist = folder / f"stackferry-{version}.tar.gz"
    with tempfile.TemporaryDirectory(prefix="stackferry-release-") as unpacked, tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
        _hatch(Path(unpacked) / f"stackferry-{version}", "wheel", folder)
    return sdist, next(folder.glob(f"stackferry-{version}-*.whl"))


def _hatch(where: Path, target: str, to: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(to)]
    done = subprocess.run(words, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"the {target} cannot be built:\n{done.stderr.strip()}")


def installed(folder: Path) -> None:
    """Install the sdist and the wheel in `folder` into clean environments. Raises `ReleaseError`."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_wheel.py"]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, "STACKFERRY_DIST": str(folder)}, check=False)
    if done.returncode:
        raise ReleaseError("what was built cannot be installed, or does not run (see above)")


def container(base: str, version: str, wheel: Path) -> tuple[str, str]:
    """(the image's name, "") or ("", why there is none), where no docker answers. Raises `ReleaseError`."""
    try:
        _output("docker", "version")
    except (OSError, ReleaseError):
        return "", "docker does not answer here. Where it does, `make image` builds it."
    name = f"stackferry:{version}"
    try:
        image.build(base, [name], version, wheel)
    except image.ImageError as error:
        raise ReleaseError(f"no image: {error}") from error
    return name, ""


def prepare(base: str) -> str:
    """Everything up to publishing; gives what is left to do. Raises `ReleaseError`."""
    tree = look()
    found = problems(tree)
    if found:
        raise ReleaseError("\n".join(f"- {one}" for one in found))
    if tree.fragments:
        print(f"== the changelog of {tree.version}", flush=True)
        _output(sys.executable, "-m", "towncrier", "build", "--yes", "--version", tree.version)
        tree = look()
    print("== sdist and wheel", flush=True)
    dist = ROOT / "dist"
    sdist, wheel = distributions(tree.version, dist)
    print("== both installed, each in a clean environment", flush=True)
    installed(dist)
    print("== the container image", flush=True)
    name, missing = container(base, tree.version, wheel)
    return left(tree, Made(str(sdist.relative_to(ROOT)), str(wheel.relative_to(ROOT)), name, missing))


def main() -> int:
    """Prepare what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default=image.BASE, help=f"what the image is built on (default: {image.BASE})")
    chosen = parser.parse_args()
    try:
        print(f"\n{prepare(chosen.base)}")
    except ReleaseError as error:
        print(f"not ready for a release:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
