"""What a .dockerignore excludes; tests/grammar/lint/rules/test_buildkit.py compares with BuildKit."""

import pytest

from stackferry.grammar.dockerfile.facts.ignore import Ignore


@pytest.mark.parametrize(
    ("lines", "path", "ignored"),
    [
        ("*.txt", "notes.txt", True),
        ("*.txt", "./notes.txt", True),
        ("*.txt", "/notes.txt", True),
        ("*.txt", "sub/notes.txt", False),
        ("**/*.txt", "sub/deep/notes.txt", True),
        ("docs", "docs", True),
        ("docs/", "docs/", True),
        ("docs", "docs/a/b.md", True),
        ("docs/**", "docs", False),
        ("docs/**", "docs/a", True),
        ("/docs", "docs", True),
        ("  docs  ", "docs", True),
        ("# docs", "docs", False),
        ("\ufeffdocs", "docs", True),
        ("do?s", "docs", True),
        ("[a-d]ocs", "docs", True),
        ("a.c", "abc", False),
        ("a+(b)", "a+(b)", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        (".*", ".", False),
        (".*", ".git", True),
        ("*", ".", True),
        ("**", "/", True),
        ("*\n!src", ".", False),
        ("a", "../a", None),
        ("docs\n!docs/keep.md", "docs", False),
        ("docs\n!docs/keep.md", "docs/keep.md", False),
        ("docs\n!docs/keep.md", "docs/other.md", True),
        ("docs\n!docs/**/keep.md", "docs/deep", False),
        ("docs\n!docs/a/keep.md", "docs/b", True),
        ("!docs/keep.md\ndocs", "docs", True),
        ("*.txt\n!other/", "notes.txt", True),
        ("*.txt\n!keep.txt", "*.txt", False),
        ("*.txt\n!keep.md", "*.txt", True),
        ("*\n!src\nsrc/*.log", "src/a.log", True),
        ("*\n!src\nsrc/*.log", "src/a.go", False),
        ("!", "a", False),
        ("", "a", False),
    ],
)
def test_a_path(lines, path, ignored):
    assert Ignore(lines).ignored(path) is ignored
