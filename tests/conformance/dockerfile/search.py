"""Searches for files that our parser and BuildKit's parse differently: generated ones, and mutated real ones.

    .venv/bin/python tests/conformance/dockerfile/search.py --generated 20000 --mutated 20000 --seed 0

Each kind of difference is printed with its smallest file. Exit codes: 0 none, 1 some, 2 no BuildKit here.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.buildkit.build import UnavailableError
from tests.buildkit.oracle import Oracle
from tests.conformance.dockerfile.trees import differences
from tests.conformance.lint.dockerfile import corpus, fixtures
from tests.dockerfiles.make import dockerfile
from tests.dockerfiles.mutate import mutated
from tests.dockerfiles.reduce import reduced


class Differing(Protocol):
    """Something that differs; `kind` is the same for differences of one cause."""

    @property
    def kind(self) -> str:
        """What groups differences."""


Compare = Callable[[bytes], Sequence[Differing]]
"""What differs in a file."""


class Find(NamedTuple):
    """A kind of difference: how many files show it, and a small one that does, with its difference."""

    kind: str
    count: int
    content: bytes
    difference: Differing


def made_up(first: int, count: int) -> Iterator[bytes]:
    """Files out of nothing, by their seeds."""
    for seed in range(first, first + count):
        yield dockerfile(Random(seed)).encode("utf-8", "surrogateescape")


def changed(first: int, count: int) -> Iterator[bytes]:
    """Real files with changes, by their seeds; fixtures where there is no corpus."""
    real = [file.content for file in (*corpus(), *fixtures())]
    for seed in range(first, first + count):
        random = Random(seed)
        yield mutated(random, random.choice(real), real)


def search(contents: Iterable[bytes], compare: Compare, smallest: bool = True) -> list[Find]:
    """Every kind of difference, the most frequent first."""
    counts: dict[str, int] = {}
    shortest: dict[str, tuple[bytes, Differing]] = {}
    for content in contents:
        for kind, difference in {difference.kind: difference for difference in compare(content)}.items():
            counts[kind] = counts.get(kind, 0) + 1
            if kind not in shortest or len(content) < len(shortest[kind][0]):
                shortest[kind] = content, difference
    finds = []
    for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):

        def shows(content: bytes, kind: str = kind) -> bool:
            return any(difference.kind == kind for difference in compare(content))

        content, difference = shortest[kind]
        if smallest:
            content = reduced(content, shows)
            # A peer may answer by chance: of several errors it tells one.
            difference = next((one for one in compare(content) if one.kind == kind), difference)
        finds.append(Find(kind, count, content, difference))
    return finds


def parser_against(oracle: Oracle) -> Compare:
    """Our parser compared with BuildKit's."""
    return lambda content: differences(content, oracle.ask(content, only="parse"))


def main() -> int:
    """Search, and print what is found."""
    parser = argparse.ArgumentParser(prog="search.py", description="Look for files on which the parsers disagree.")
    parser.add_argument("--generated", type=int, default=2000, metavar="N", help="made-up files (default 2000)")
    parser.add_argument("--mutated", type=int, default=2000, metavar="N", help="changed real files (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first file")
    options = parser.parse_args()
    try:
        oracle = Oracle()
    except UnavailableError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    contents = (*made_up(options.seed, options.generated), *changed(options.seed, options.mutated))
    finds = search(contents, parser_against(oracle))
    sys.stdout.write(told(finds) + f"{len(contents)} files, {len(finds)} kinds of difference\n")
    oracle.close()
    return 1 if finds else 0


def told(finds: Iterable[Find]) -> str:
    """The finds for people, each with its file."""
    return "".join(f"{find.count:6} {find.difference}\n{'':9}{find.content!r}\n" for find in finds)


if __name__ == "__main__":
    sys.exit(main())
