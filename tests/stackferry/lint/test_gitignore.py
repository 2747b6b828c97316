"""Our interpretation of .gitignore files equals git's."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.lint.gitignore import IgnoreFile, ignored, patterns

PATHS = (
    *("a", "b", "ab", "abc", "a.b", "a b", "a/a", "a/b", "a/a/b", "a/b/ab", "b/a/b/a", "ab/a.b/abc", "[a]", "a]b"),
    *("!a", "#a", "a\\b", "A", "a-b", "a/-", "é", "a/é/b", "**", "a/*", "?"),
)
FOLDERS = sorted({path.rpartition("/")[0] for path in PATHS} - {""} | {"b/a", "ab", "a/a"})


def check(files: dict[str, str], path: str, *, is_folder: bool = False) -> bool:
    read = tuple(
        IgnoreFile(f"/r/{folder}".rstrip("/"), text.encode())
        for folder, text in sorted(files.items())
        if not folder or path.startswith(f"{folder}/")
    )
    return ignored(f"/r/{path}", read, is_folder=is_folder)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a", "a", True),
        ("a", "x/a", True),
        ("/a", "x/a", False),
        ("x/a", "y/x/a", False),
        ("**/x/a", "y/x/a", True),
        ("x/**/a", "x/a", True),
        ("x/**/a", "x/y/z/a", True),
        ("x/**", "x/y/z", True),
        ("x/**", "x", False),
        ("a/", "a", False),
        ("*.d", "x/a.d", True),
        ("x/*", "x/y/z", False),
        ("x?a", "x/a", False),
        ("a\n!a", "a", False),
        ("!a\na", "a", True),
        ("\\!a", "!a", True),
        ("\\#a", "#a", True),
        ("#a", "#a", False),
        ("a  ", "a", True),
        ("a\\ ", "a ", True),
        ("a\r\nb\r", "a", True),
        ("\ufeffa", "a", True),
        ("[ab]c", "bc", True),
        ("[!ab]c", "bc", False),
        ("[^ab]c", "xc", True),
        ("[a-c]", "b", True),
        ("[[:upper:]]", "X", True),
        ("[]a]", "]", True),
        ("[a", "[a", False),
        ("[a", "a", False),
        ("a\\", "a", False),
        ("Dockerfile*", "Dockerfile.dev", True),
    ],
)
def test_a_line(text, path, expected):
    assert check({"": text}, path) is expected


def test_folders():
    assert check({"": "a/"}, "a", is_folder=True)
    assert check({"": "x/a/"}, "x/a", is_folder=True)


def test_the_innermost_file_that_speaks_of_a_path_counts():
    files = {"": "*.dockerfile\nb", "x": "!a.dockerfile"}

    assert not check(files, "x/a.dockerfile")
    assert check(files, "x/b.dockerfile")
    assert check(files, "x/b")


def test_lines_without_a_pattern():
    assert patterns(b"\n# a\n   \n/\n!\n") == ()


git = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


def of_git(folder, files: dict[str, str], paths: list[str]) -> set[str]:
    """Of some paths those that git ignores."""
    for where, text in files.items():
        (folder / where / ".gitignore").write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=folder,
        input="\0".join(paths).encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return {path for path in done.stdout.decode().split("\0") if path}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", folder], check=True, env={"PATH": os.environ["PATH"], "HOME": str(folder)})
    for path in FOLDERS:
        (folder / path).mkdir(parents=True, exist_ok=True)
    for path in PATHS:
        if path not in FOLDERS and not (folder / path).exists():
            (folder / path).touch()
    return folder


LINES = st.lists(
    st.text(alphabet="ab*?/![]^-\\# .é:", max_size=8) | st.sampled_from(["**/a", "a/**", "a/**/b", "/a/*"])
)
POINTED = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "*",
            "**",
            "/",
            "!",
            "[a-b]",
            "[!a]",
            "?",
            ".b",
            "\\a",
            "ab",
            " ",
            "[[:alpha:]]",
            "[[:x:]b]",
            "[b-a]",
            "[\\]a]",
            "[[:",
            "[!]",
        ]
    )
)
TEXTS = LINES.map("\n".join) | st.lists(POINTED.map("".join)).map("\n".join)


@git
@settings(max_examples=60)
@given(outer=TEXTS, inner=TEXTS)
def test_as_git_has_it(tree, outer, inner):
    """What is below an ignored folder is not looked at, by either."""
    files = {"": outer, "a": inner}
    paths = sorted({*PATHS, *FOLDERS})
    expected = of_git(tree, files, paths)
    found = set()
    for path in paths:
        above = [path[:at] for at, char in enumerate(path) if char == "/"]
        if any(one in found for one in above) or check(files, path, is_folder=(tree / path).is_dir()):
            found.add(path)

    assert found == expected
