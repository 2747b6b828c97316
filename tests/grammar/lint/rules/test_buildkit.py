"""Our checks named after BuildKit's, and hadolint's that BuildKit also has, against the real BuildKit.

A finding stands for its instruction. Where we differ on purpose is said in `meant`, one line each.
"""

from pathlib import Path
from random import Random

import pytest

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.facts.ignore import Ignore
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.settings import DEFAULTS
from tests.buildkit.oracle import Oracle
from tests.dockerfiles.make import dockerfile
from tests.grammar.dockerfile.making import DOCKERFILES, read
from tests.grammar.lint.making import RULES, hits

CASES = Path(__file__).parents[4] / "fixtures" / "lint"
OWN = [rule for rule in RULES if rule[0].isupper() and not rule.isupper() and not rule.startswith("DL")]
TWINS = {
    "DuplicateStageName": "DL3024",
    "FromPlatformFlagConstDisallowed": "DL3029",
    "JSONArgsRecommended": "DL3025",
    "MaintainerDeprecated": "DL4000",
    "RedundantTargetPlatform": "DL3065",
    "ReservedStageName": "DL3063",
    "SecretsUsedInArgOrEnv": "DL3064",
    "WorkdirRelativePath": "DL3000",
}
"""BuildKit's checks that have an id of hadolint's here. MultipleInstructionsDisallowed stands elsewhere, as there."""


def differences(oracle: Oracle, text: str, ignore: str = "") -> list[str]:
    """What only one side finds, as `they 3 UndefinedVar`; nothing where a build would refuse the file."""
    files = {".dockerignore": ignore} if ignore else {}
    experimental = "check=experimental=InvalidDefinitionDescription" in text
    answer = oracle.ask(text.encode("utf-8", "surrogateescape"), files=files)
    if not answer.valid:
        return []
    file = build(parse(Source(text)), Ignore(ignore) if ignore else None)
    rules = [rule for rule in (*OWN, *TWINS.values()) if rule != "InvalidDefinitionDescription" or experimental]
    we = {
        (rule, place(file, file.source.position(hit.start).line))
        for rule in rules
        for hit in hits(rule, file, DEFAULTS)
    }
    they = {
        (TWINS.get(warning.rule, warning.rule), place(file, warning.start))
        for warning in answer.warnings
        if warning.rule in OWN or warning.rule in TWINS
    }
    lines = text.split("\n")
    found = [*(("we", *one) for one in we - they), *(("they", *one) for one in they - we)]
    return sorted(
        f"{side} {line} {rule}" for side, rule, line in found if not meant(side, rule, " ".join(lines[line - 1 :]))
    )


def place(file: Build, line: int) -> int:
    """The first line of the instruction that a line belongs to."""
    for instruction in file.dockerfile.instructions:
        first = file.source.position(instruction.start).line
        if first <= line <= file.source.position(max(instruction.end - 1, instruction.start)).line:
            return first
    return line


def meant(side: str, rule: str, rest: str) -> bool:
    """Whether a difference is on purpose; `rest` is the file from the instruction on."""
    arguments = rest.split(None, 1)[-1]
    return (
        # A value that is not known gives no finding, nor does a drive, which is absolute on Windows.
        (side == "they" and rule == "DL3000" and ("$" in arguments or ":" in arguments))
        or (side == "they" and rule in ("ExposeInvalidFormat", "ExposeProtoCasing") and "$" in arguments)
        # Names of what is no secret, and of what ONBUILD sets.
        or rule == "DL3064"
        # A health check that needs no shell is an info.
        or (side == "we" and rule == "DL3025" and "HEALTHCHECK" in rest.upper())
        # A line with ! silences BuildKit for all files.
        or (side == "we" and rule == "CopyIgnoredFile")
    )


OWN_CASES = [path for rule in (*OWN, *TWINS.values()) for path in sorted((CASES / rule).glob("*.Dockerfile"))]


@pytest.mark.parametrize("path", OWN_CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_own_case(buildkit, path):
    ignore = path.with_name(f"{path.name}.dockerignore")
    text = path.read_text(encoding="utf-8")
    directive = "# check=experimental=InvalidDefinitionDescription\n"
    if path.parent.name == "InvalidDefinitionDescription" and "check=" not in text:
        text = directive + text

    assert differences(buildkit, text, ignore.read_text(encoding="utf-8") if ignore.exists() else "") == []


@pytest.mark.corpus
@pytest.mark.slow
def test_the_corpus(buildkit):
    found = {path.parent.name: differences(buildkit, read(path).text) for path in DOCKERFILES}

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_files_that_are_made_up(buildkit, seed):
    random = Random(seed)
    for _ in range(150):
        text = dockerfile(random)
        if "check" not in text.lower():
            assert differences(buildkit, text) == [], text


LINES = (
    *("*.txt", ".*", "docs", "a", "**/b", "x/**", "a/*", "?", "*", "**", "sub/c", "#c", "[ab]", "b.", "a\\.b", "a-*"),
    *("**/a/*", "*/*", "a/**/b", "/x", "x/", "  a  ", "[^a]", "a.b", "**/*.md", "docs/**/x", "**/", "."),
)
SOURCES = (
    *("a", "b", ".", "/", "./a", "a/b", "x/y/z", "docs", "docs/a.md", "notes.txt", "sub/c/d", "/a", ".git", "a/x/b"),
    *("*.txt", "a*", "**/b", "a.b", "axb", "a-b", "sub/../a", "x", "c", "docs/q/x", "a.md"),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_files_that_are_left_out(buildkit, seed):
    random = Random(seed)
    for _ in range(60):
        ignore = "".join(f"{random.choice(LINES)}\n" for _ in range(random.randint(1, 3)))
        text = "FROM scratch\n" + "".join(f"COPY {source} /x/\n" for source in SOURCES)
        they = [warning.start for warning in buildkit.ask(text.encode(), files={".dockerignore": ignore}).warnings]
        file = build(parse(Source(text)), Ignore(ignore))
        we = [file.source.position(hit.start).line for hit in hits("CopyIgnoredFile", file, DEFAULTS)]
        # With a slash at its start BuildKit finds a file only by chance.
        rooted = [number for number, source in enumerate(SOURCES, start=2) if source.startswith("/")]

        assert [line for line in we if line not in rooted] == [line for line in they if line not in rooted], ignore
