"""Random whole Dockerfiles: `dockerfile(random)` for a seeded `random.Random`, `dockerfiles()` for hypothesis.

About half of them are valid to a builder: `wildness` is chosen for each. `mutate.py` changes real ones.
"""

from collections.abc import Iterator
from random import Random

from hypothesis import strategies as st

from tests.dockerfiles.chance import Chance
from tests.dockerfiles.instructions import ARGUMENTS, Scene, instruction
from tests.dockerfiles.looks import ends, written

_DIRECTIVES = (
    *("# syntax=docker/dockerfile:1\n", "# escape=`\n", "# escape=\\\n", "# check=skip=JSONArgsRecommended\n"),
    *("#syntax = docker/dockerfile:1.7 \n", "# Check=error=true\n", "# check=skip=all;experimental=all\n"),
)
_ODD_DIRECTIVES = (
    *("# escape=x\n", "# escape=\n", "# escape=``\n", "# foo=bar\n", "#\n", "\n", "# escape\n", "## escape=`\n"),
    *(
        "# check=nope\n",
        "# check=skip\n",
        "// syntax=a\n",
        '{"syntax": "a"}\n',
        "#!/bin/sh\n",
        "# é=x\n",
        "# a = b = c\n",
    ),
    *("  # escape=`\n", "# escape=`\r\n", "\t#\tescape\v=\v`\n", "# ESCAPE=`\n", "# check=error=maybe\n"),
)
_COMMENTS = (
    *("# comment\n", "#\n", "\n", "\n\n", "  # indented\n", "# hadolint ignore=DL3008,SC2086\n", "# build the thing\n"),
    *("# hadolint global ignore=DL3006\n", "# check=skip=all\n", "# check=skip=FromAsCasing\n", "# escape=`\n"),
    *("# hadolint shell=bash\n", "#" * 90 + "\n", "   \t\n"),
)
LEVELS = (0.0, 0.0, 0.02, 0.05, 0.15, 0.4)
"""How wild the files are, each so often."""


def dockerfile(random: Random, wildness: float | None = None) -> str:
    """One file; with `wildness` 0 of nothing but usual pieces, though even then a builder may refuse their whole."""
    chance = Chance(random, random.choice(LEVELS) if wildness is None else wildness)
    scene = Scene()
    escape, parts = "\\", []
    if chance.some(0.2):
        parts = chance.several(lambda: chance.pick(_DIRECTIVES, _ODD_DIRECTIVES), 1, 3)
        if any("escape=`" in part for part in parts):
            escape = "`"
    if chance.some(0.2):
        made = [ARGUMENTS["ARG"](chance, scene) for _ in range(chance.few(1, 2))]
        parts += [written(chance, one, escape) for one in made]
    if not chance.wild():
        parts.append(written(chance, ARGUMENTS["FROM"](chance, scene), escape))
    for _ in range(chance.few(0, 8)):
        if chance.some(0.2):
            parts.append(chance.one(_COMMENTS))
        parts.append(written(chance, instruction(chance, scene), escape))
    return ends(chance, "".join(parts))


def dockerignore(random: Random) -> str:
    """A `.dockerignore` that meets some of the paths in the files; with one in four, exceptions too."""
    lines = random.sample(_IGNORED, random.randrange(1, 4))
    if random.randrange(4) == 0:
        lines.append(random.choice(("!b.txt", "!docs/x", "!*")))
    return "".join(f"{line}\n" for line in lines)


_IGNORED = (
    "*.txt",
    "*.go",
    "docs",
    "/a",
    "**",
    "*",
    "./src",
    "# a comment",
    "",
    "b?txt",
    "[ab].*",
    "dir with blank",
    "src/",
)


def seeded(first: int, count: int) -> Iterator[tuple[int, str]]:
    """Files with the seeds that make them again."""
    for seed in range(first, first + count):
        yield seed, dockerfile(Random(seed))


def dockerfiles(wildness: float | None = None) -> st.SearchStrategy[str]:
    """The same for hypothesis, which also makes an example smaller."""
    return st.builds(dockerfile, st.randoms(use_true_random=False), st.just(wildness))
