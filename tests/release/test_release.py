"""What blocks the release of a tree, the remaining steps, and one whole `make release` in a copy of the tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from stackferry import __version__

ROOT = Path(__file__).parents[2]
CHANGES = ("CHANGELOG.md", "changelog.d/1.added.md")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"fragments": ("1.added.md",)}, []),
        ({"written": True}, []),
        ({"written": True, "changed": CHANGES}, []),
        ({"written": True, "tagged": "here"}, []),
        ({"fragments": ("1.added.md",), "version": "1.0.0rc1"}, []),
        ({"fragments": ("1.added.md",), "version": "1.0.0.dev1"}, ["1.0.0.dev1 is no version of a release"]),
        ({"fragments": ("1.added.md",), "tagged": "elsewhere"}, ["another commit has the tag v1.0.0"]),
        ({"fragments": ("1.added.md",), "written": True}, ["what is not in it (1.added.md)"]),
        ({}, ["nothing to release"]),
        ({"fragments": ("1.added.md",), "changed": ("a.py", "new file")}, ["commit or remove: a.py, new file"]),
        # Only what towncrier has done may be there, and only once it has.
        (
            {"fragments": ("1.added.md",), "changed": CHANGES},
            ["commit or remove: CHANGELOG.md, changelog.d/1.added.md"],
        ),
        ({"written": True, "changed": (*CHANGES, "a.py")}, ["commit or remove: a.py"]),
        ({"version": "next", "tagged": "elsewhere"}, ["no version", "another commit", "nothing to release"]),
    ],
)
def test_what_keeps_a_tree_from_being_released(release_script: ModuleType, facts, says) -> None:
    found = release_script.problems(release_script.Tree(**{"version": "1.0.0", **facts}))

    assert len(found) == len(says)
    assert all(part in sentence for part, sentence in zip(says, found, strict=True))


@pytest.mark.parametrize(
    ("facts", "image", "commands"),
    [
        (
            {"changed": CHANGES},
            "stackferry:1.0.0",
            [
                'git commit -m "Release 1.0.0"    # the changelog, which is staged',
                'git tag -a v1.0.0 -m "stackferry 1.0.0"',
                "git push origin HEAD v1.0.0",
                "pipx run twine upload dist/a.tar.gz dist/a.whl",
                "docker tag stackferry:1.0.0 REGISTRY/stackferry:1.0.0",
                "docker push REGISTRY/stackferry:1.0.0",
            ],
        ),
        ({"tagged": "here"}, "", ["git push origin HEAD v1.0.0", "pipx run twine upload dist/a.tar.gz dist/a.whl"]),
    ],
)
def test_what_is_left_is_told_as_commands(release_script: ModuleType, facts, image: str, commands) -> None:
    made = release_script.Made("dist/a.tar.gz", "dist/a.whl", image, "" if image else "docker does not answer")
    told = release_script.left(release_script.Tree("1.0.0", written=True, **facts), made)

    assert [line[2:] for line in told.splitlines() if line.startswith("  ")] == commands
    assert ("There is no image: docker does not answer" in told) == (not image)
    assert told.splitlines()[0].startswith("stackferry 1.0.0 is ready. Nothing is published.")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of its own with all that this one has, committed."""
    top = tmp_path_factory.mktemp("copy") / "stackferry"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        if os.path.lexists(ROOT / name):
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, top / name, follow_symlinks=False)
    git(top, "init", "--quiet", "--initial-branch", "main")
    git(top, "config", "user.name", "Releaser")
    git(top, "config", "user.email", "releaser@example.com")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "--message", "Everything")
    return top


def git(where: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=where, check=True, capture_output=True, text=True).stdout


def release(where: Path) -> subprocess.CompletedProcess[str]:
    """Run the script as `make release` does, where no docker answers."""
    environment = os.environ | {"DOCKER_HOST": "unix:///nowhere.sock"}
    words = [sys.executable, ".ci/release/release.py"]
    return subprocess.run(words, cwd=where, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_a_release_is_prepared_and_nothing_is_published(copy: Path) -> None:
    """In this order: a tree that is not clean, the release, the same again."""
    (copy / "left-over.txt").write_text("")
    refused = release(copy)
    (copy / "left-over.txt").unlink()

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "not ready for a release:\n- the tree is not clean, commit or remove: left-over.txt\n"
    assert git(copy, "status", "--porcelain") == ""

    commit = git(copy, "rev-parse", "HEAD")
    done = release(copy)
    changelog = (copy / "CHANGELOG.md").read_text()

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"stackferry {__version__} is ready. Nothing is published." in done.stdout
    assert "There is no image: docker does not answer here." in done.stdout
    assert changelog.count(f"\n## {__version__} (") == 1
    assert {path.name for path in (copy / "changelog.d").iterdir()} == {"README.md"}
    assert {path.name for path in (copy / "dist").iterdir()} == {
        f"stackferry-{__version__}.tar.gz",
        f"stackferry-{__version__}-py3-none-any.whl",
    }

    # Its first look is enough: what follows is as above.
    again = look(copy)
    assert again.stdout == "[]\n", again.stderr
    # Neither a commit nor a tag: these are for who releases.
    assert (git(copy, "rev-parse", "HEAD"), git(copy, "tag")) == (commit, "")
    git(copy, "commit", "--quiet", "--message", "Release")
    assert git(copy, "status", "--porcelain") == ""
    assert look(copy).stdout == "[]\n"


def look(where: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; sys.path.insert(0, '.ci/release'); import release as it; print(it.problems(it.look()))"
    return subprocess.run([sys.executable, "-c", script], cwd=where, capture_output=True, text=True)
