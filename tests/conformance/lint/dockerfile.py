"""The Dockerfiles on which linters are compared: the corpus, BuildKit's test files, and our fixtures."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.conformance.case import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "dockerfiles"
FIXTURES = ROOT / "fixtures"

NAME = re.compile(r"(?!.*\.dockerignore$)(.*\.)?dockerfile(\..*)?", re.IGNORECASE)
"""The names of Dockerfiles: `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`."""


class File(NamedTuple):
    """A Dockerfile; `context` are the files beside it that a linter heeds (`.dockerignore`), by their names.

    `made` is one that was made for a test, so that it says nothing of how much a linter finds in real ones.
    """

    name: str
    content: bytes
    context: Mapping[str, str]
    made: bool = False

    @property
    def ignored(self) -> str | None:
        """The ignore file that counts: one named after its Dockerfile comes first, here as for a build."""
        return next(iter(self.context.values()), None)

    @property
    def beside(self) -> Mapping[str, str]:
        """The same as the one ignore file of a context, for a peer that is not told the Dockerfile's name."""
        return {} if self.ignored is None else {".dockerignore": self.ignored}


def corpus(root: Path = CORPUS) -> Iterator[File]:
    """Other people's Dockerfiles, in a folder each; none where there is no corpus."""
    for path in sorted(root.glob("*/Dockerfile")):
        yield read(path, path.parent.name)


def fixtures(root: Path = FIXTURES) -> Iterator[File]:
    """Every Dockerfile among our fixtures."""
    for path in sorted(root.rglob("*")):
        if NAME.fullmatch(path.name) and path.is_file():
            yield read(path, path.relative_to(root).as_posix())._replace(made=True)


def read(path: Path, name: str) -> File:
    """The file at a path with the ignore files that a build of its folder would heed."""
    beside = (path.parent / f"{path.name}.dockerignore", path.parent / ".dockerignore")
    context = {one.name: one.read_text(encoding="utf-8", errors="surrogateescape") for one in beside if one.is_file()}
    return File(name, path.read_bytes(), context)
