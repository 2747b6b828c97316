"""The Dockerfiles in a folder."""

import os
import subprocess
import sys

import pytest

from stackferry.lint.walk import Found, dockerfiles_below
from tests.conftest import ROOT
from tests.engine.stranger import by_root, shared

__all__ = ["shared"]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A function that makes files, an empty one for each path that has no text."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def make(*paths, **texts):
        for path, text in [*((path, "") for path in paths), *texts.pop("texts", {}).items()]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return folder

    return make


def found(folder="."):
    return [item.path for item in dockerfiles_below(folder, os.getcwd()) if not item.skipped and not item.failure]


def test_by_name_in_sorted_order_hidden_folders_too(tree):
    tree("Dockerfile", "b/Dockerfile", "a/web.dockerfile", ".devcontainer/Dockerfile", "a/notes.txt", "Dockerfile.md")

    assert found() == [".devcontainer/Dockerfile", "Dockerfile", "a/web.dockerfile", "b/Dockerfile"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [(".", "a/Dockerfile"), ("./", "a/Dockerfile"), ("a", "a/Dockerfile"), ("./a/", "./a/Dockerfile")],
)
def test_paths_begin_as_they_were_given(tree, folder, expected):
    tree("a/Dockerfile")

    assert found(folder) == [expected]


def test_an_absolute_folder(tree):
    top = tree("a/Dockerfile")

    assert found(str(top)) == [f"{top}/a/Dockerfile"]


def test_what_is_no_dockerfile_in_spite_of_its_name(tree):
    tree("Dockerfile.j2", "Dockerfile.dockerignore", "Dockerfile.sh", ".dockerignore")

    assert [(item.path, bool(item.skipped)) for item in dockerfiles_below(".", os.getcwd())] == [
        ("Dockerfile.dockerignore", True),
        ("Dockerfile.j2", True),
    ]


def test_gitignore(tree):
    tree(
        *("Dockerfile", "build/Dockerfile", "a/Dockerfile", "a/old/Dockerfile", "a/b/old/Dockerfile", "x/y/Dockerfile"),
        *("keep/gen.dockerfile", "gen.dockerfile", "keep/old/Dockerfile"),
        texts={".gitignore": "/build/\nold\n**/y\n*.dockerfile\n", "keep/.gitignore": "!gen.dockerfile\n!old\n"},
    )

    assert found() == ["Dockerfile", "a/Dockerfile", "keep/gen.dockerfile", "keep/old/Dockerfile"]


def test_the_rules_above_the_folder_count_in_a_repository(tree):
    top = tree("a/Dockerfile", "a/gen/Dockerfile", texts={".gitignore": "gen\n"})
    assert found("a") == ["a/Dockerfile", "a/gen/Dockerfile"]

    (top / ".git").mkdir()
    assert found("a") == ["a/Dockerfile"]
    assert found("a/gen") == ["a/gen/Dockerfile"]


def test_what_the_repository_excludes_by_itself(tree):
    top = tree("Dockerfile", "own/Dockerfile", "a/own/Dockerfile", texts={".git/info/exclude": "/own\n"})

    assert found() == ["Dockerfile", "a/own/Dockerfile"]
    assert found("a") == ["a/own/Dockerfile"]
    assert top


def test_a_work_tree(tree):
    tree(
        "tree/Dockerfile",
        "tree/own/Dockerfile",
        texts={
            "main/.git/info/exclude": "own\n",
            "main/.git/worktrees/tree/commondir": "../..\n",
            "tree/.git": "gitdir: ../main/.git/worktrees/tree\n",
        },
    )

    assert found("tree") == ["tree/Dockerfile"]


def test_a_repository_inside_has_its_own_rules(tree):
    tree("inner/gen/Dockerfile", "gen/Dockerfile", "inner/.git/x", texts={".gitignore": "gen\n", ".git/x": ""})

    assert found() == ["inner/gen/Dockerfile"]


def test_git_itself_is_not_looked_into(tree):
    tree(".git/Dockerfile", "a/.git/Dockerfile")

    assert found() == []


def test_links(tree, tmp_path):
    """Those to folders are not followed, those to files if they stay inside."""
    top = tree("real/Dockerfile", "real/prod.txt")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Dockerfile").touch()
    (top / "loop").symlink_to(top)
    (top / "out").symlink_to(outside)
    (top / "Dockerfile").symlink_to("real/prod.txt")
    (top / "Dockerfile.out").symlink_to(outside / "Dockerfile")
    (top / "Dockerfile.gone").symlink_to("nowhere")

    assert found() == ["Dockerfile", "real/Dockerfile"]


def test_a_folder_that_is_named_may_be_a_link(tree, tmp_path):
    top = tree("real/Dockerfile")
    (top / "link").symlink_to("real")

    assert found("link") == ["link/Dockerfile"]


@by_root
def test_a_folder_that_cannot_be_read(shared):
    """Root reads everything, so another user looks."""
    for name in ("closed", "open"):
        (shared / name).mkdir(mode=0o755)
        (shared / name / "Dockerfile").touch()
    (shared / "closed").chmod(0)
    # What is imported comes first: the other user may not be able to read it.
    script = (
        "import os\n"
        "from stackferry.lint.walk import dockerfiles_below\n"
        f"os.setgid(65534); os.setuid(65534); os.chdir({str(shared)!r})\n"
        "print(*dockerfiles_below('.', os.getcwd()), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    items = [Found("closed", failure="Permission denied"), Found("open/Dockerfile")]

    assert done.stdout.splitlines() == [str(item) for item in items]


def test_a_folder_that_is_gone(tmp_path):
    gone = str(tmp_path / "gone")

    assert [*dockerfiles_below(gone, "/")] == [Found(gone, failure="No such file or directory")]


def test_what_is_no_file(tree):
    top = tree("a/Dockerfile")
    os.mkfifo(top / "Dockerfile")
    (top / "Dockerfile.d").mkdir()
    (top / ".gitignore").mkdir()

    assert found() == ["a/Dockerfile"]


def test_as_git_lists_them(tree):
    """The files that git would add are those that we find."""
    top = tree(
        *("Dockerfile", "a/Dockerfile", "a/b/Dockerfile", "a/b/c/Dockerfile", ".x/Dockerfile", "n/m/Dockerfile"),
        *("a/é/Dockerfile", "a b/Dockerfile", "out/Dockerfile", "a/out/Dockerfile", "n/Dockerfile.1", "n/Dockerfile.2"),
        texts={
            ".gitignore": "out/\n!/a/out/\na/**/c\n\\a\\ b\nn/*\n!n/*.1\n",
            "a/.gitignore": "/b/*\n!/b/Dockerfile\nout\n",
            "a/b/.gitignore": "!c\n",
        },
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(top.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=top, check=True, env=environment)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard", "*Dockerfile*"],
        cwd=top,
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )

    assert sorted(found()) == sorted(path for path in listed.stdout.split("\0") if path)
