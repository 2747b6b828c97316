"""What ADD and COPY accept as a Git repository, and its errors: against BuildKit, in many spellings."""

import itertools

import pytest

from stackferry.grammar.dockerfile.facts.git_reference import git_reference
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.lint import lint
from tests.buildkit.oracle import Oracle

BASES = (
    *("https://example.com/a.git", "http://example.com/a.git", "HTTPS://example.com/a.git", "git://example.com/a"),
    *("ssh://git@example.com:22/a", "ssh://a:x/b", "git@example.com:a/b.git", "me@host:path", "https://example.com/a"),
    *(
        "github.com/a/b",
        "github.com",
        "ftp://a/b.git",
        "https://[::1]/a.git",
        "https://[::1/a.git",
        "a.git",
        "git@host",
    ),
    *("https://u:p@example.com/%61.git", "https://example.com/%zz.git", "https://a b/c.git", "git://", "./a.git"),
)
TAILS = (
    *("", "#main", "#main:sub", "#:sub", "?ref=a", "?ref=a#a", "?ref=a#b", "?ref=", "?tag=a", "?tag=a&branch=b"),
    *(
        "?tag=a#refs/tags/a",
        "?tag=a#a",
        "?branch=a&branch=a",
        "?branch=refs/heads/a&ref=refs/heads/a",
        "?foo=a",
        "?foo",
    ),
    *("?submodules", "?submodules=", "?submodules=no", "?submodules=0", "?keep-git-dir=1", "?keep-git-dir=x", "??"),
    *("?mtime=commit", "?mtime=now", "?fetch-by-commit=T", "?commit=abc", "?checksum=abc", "?checksum=", "?a;b=c"),
    *("?subdir=a", "?subdir=a#:a", "?subdir=a#:b", "?%zz=a", "?re%66=a", "?ref=a%20b", "#%zz", "?ref=a#", "?#", "?&"),
)
FLAGS = ("ADD ", "COPY ", "ADD --keep-git-dir=true ", "ADD --keep-git-dir=false ", "ADD --checksum=abc ")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.real
def test_a_build_takes_what_we_take(base: str, buildkit: Oracle) -> None:
    odd = []
    for tail, flag in itertools.product(TAILS, FLAGS):
        text = f"FROM a:1\n{flag}{base}{tail} /x\n"
        refused = any(one.id == "invalid-copy" for one in lint(Source(text), Config(set="all")).findings)
        if buildkit.ask(text.encode(), only="lint").valid == refused:
            odd.append(text)

    assert odd == []


def test_what_is_known_of_a_repository() -> None:
    found = git_reference("git@example.com:team/app.git?commit=abc&keep-git-dir=0#main")

    assert found is not None
    assert found == ("", False, "abc", False)
    assert git_reference("github.com/team/app") == ("", True, "", None)
    assert git_reference("app.git") is None
