"""Helpers that make trees of Dockerfiles for tests."""

from pathlib import Path

from stackferry.grammar.dockerfile.instruction import Instruction, Problem
from stackferry.grammar.dockerfile.parse import Dockerfile, parse
from stackferry.grammar.dockerfile.source import Source, decoded
from tests.conftest import CORPUS

DOCKERFILES = sorted(
    path for path in (CORPUS / "dockerfiles").glob("*/*") if path.is_file() and "dockerfile" in path.name.lower()
)
BUILDKIT = CORPUS / "buildkit-parser"


def tree(text: str) -> Dockerfile:
    return parse(Source(text))


def only(text: str) -> Instruction:
    """The one instruction of a text."""
    (instruction,) = tree(text).instructions
    return instruction


def read(path: Path) -> Source:
    return Source(decoded(path.read_bytes()), str(path))


def problems(dockerfile: Dockerfile) -> list[Problem]:
    """All that is wrong with a file, in its order."""
    found = [*dockerfile.problems, *(problem for one in dockerfile.instructions for problem in one.problems)]
    return sorted(found, key=lambda problem: problem.start)


def shown(dockerfile: Dockerfile) -> list[str]:
    """The problems of a file as `line:column code`."""
    position = dockerfile.source.position
    return [
        f"{position(problem.start).line}:{position(problem.start).column} {problem.code}"
        for problem in problems(dockerfile)
    ]
