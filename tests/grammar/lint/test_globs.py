"""Globs of per-file-ignores, with the semantics of ruff and gitignore."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.globs import matches


@pytest.mark.parametrize(
    ("glob", "path", "means"),
    [
        ("Dockerfile", "Dockerfile", True),
        ("Dockerfile", "a/b/Dockerfile", True),
        ("Dockerfile", "a/Dockerfile.dev", False),
        ("Dockerfile.*", "a/Dockerfile.dev", True),
        ("*.dockerfile", "x.dockerfile", True),
        ("test/*", "test/Dockerfile", True),
        ("test/*", "test/a/Dockerfile", True),
        ("test/*/Dockerfile", "test/a/Dockerfile", True),
        ("test/*/Dockerfile", "test/a/b/Dockerfile", False),
        ("test/**/Dockerfile", "test/a/b/Dockerfile", True),
        ("test/**/Dockerfile", "test/Dockerfile", True),
        ("**/Dockerfile", "Dockerfile", True),
        ("test", "test/a/Dockerfile", True),
        ("test/", "test/a/Dockerfile", True),
        ("./test/**", "test/a/Dockerfile", True),
        ("test", "other/test/Dockerfile", False),
        ("**/test/**", "other/test/Dockerfile", True),
        ("Dockerfile.[ab]", "Dockerfile.a", True),
        ("Dockerfile.[!ab]", "Dockerfile.a", False),
        ("Dockerfile.[!ab]", "Dockerfile.c", True),
        ("Dockerfile.?", "Dockerfile.c", True),
        ("Dockerfile.[z-a]", "Dockerfile.[z-a]", True),
        ("a+b", "a+b", True),
        ("../x/*", "../x/Dockerfile", True),
        ("test", "../test/Dockerfile", False),
    ],
)
def test_what_a_glob_means(glob, path, means):
    assert matches(glob, path) is means


@given(st.text(), st.text())
def test_any_glob_is_one(glob, path):
    assert matches(glob, path) in (True, False)
