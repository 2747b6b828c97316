"""The hooks, in a repository made here, run by the real pre-commit and by prek."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stackferry.lint.names import IGNORE_FILES, OTHERS, TEMPLATES, is_dockerfile

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}

DOCKERFILES = ("Dockerfile-web", "web.dockerfile", "dockerfile", "Containerfile.dev", "docker/prod/Dockerfile-web")
OTHER_FILES = ("Dockerfile.j2", "Dockerfile.md", "Dockerfile.dockerignore", ".dockerignore", "x/Dockerfile/y")


def lints(path: str) -> bool:
    hook = HOOKS["stackferry-lint"]
    return bool(re.search(hook["files"], path)) and not re.search(hook["exclude"], path)


@pytest.mark.parametrize("path", DOCKERFILES)
def test_dockerfiles(path):
    assert lints(path)


@pytest.mark.parametrize("path", OTHER_FILES)
def test_other_files(path):
    assert not lints(path)


PARTS = st.sampled_from(["dockerfile", "Dockerfile", "CONTAINERFILE", "web", "docker", "x", "-", "_", ".", "/", "s"])
ENDINGS = st.sampled_from(["", *(f".{ending}" for ending in (*TEMPLATES, *IGNORE_FILES, *OTHERS)), ".dev", ".J2"])


@given(st.lists(PARTS, min_size=1, max_size=5).map("".join), ENDINGS)
def test_what_the_hook_takes_is_what_a_folder_gives(name, ending):
    path = f"{name}{ending}"

    assert lints(path) == is_dockerfile(path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("compose.yaml", True),
        ("docker-compose.prod.yml", True),
        ("a/compose.override.yaml", True),
        ("Docker-Compose.YML", True),
        ("mycompose.yaml", False),
        ("compose.yaml.j2", False),
    ],
)
def test_compose_files(path, expected):
    assert bool(re.search(HOOKS["stackferry-config"]["files"], path)) is expected


def test_hooks_need_nothing_but_python():
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert hook["entry"].split()[0] == "stackferry"
        assert hook["args"] == ["--"], "a file's name is never an option"


class Runner(NamedTuple):
    """A repository with the hooks installed. `commit(files)` gives exit code and output of a commit of some files."""

    folder: Path
    environment: dict[str, str]

    def commit(self, files: dict[str, str]) -> tuple[int, str]:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")
        self.run("git", "add", "--all")
        done = self.run(*WITHOUT_NETWORK, "git", "commit", "--message", "x", check=False)
        self.run("git", "reset", "--quiet", "--hard")
        return done.returncode, done.stdout + done.stderr

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done


def without_network() -> tuple[str, ...]:
    """The words before a command that shall have no network, where this machine has such a thing."""
    words = ("unshare", "--net")
    able = shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0
    return words if able else ()


WITHOUT_NETWORK = without_network()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> str:
    """The sources as they are now, as a repository of hooks."""
    folder = tmp_path_factory.mktemp("checkout")
    environment = git_environment(folder)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists() and not name.startswith(("tests/", "fixtures/", "docs/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    for words in (["init", "-q"], ["add", "--all", "--force"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *words], cwd=folder, check=True, env=environment, capture_output=True)
    return str(folder)


def git_environment(home: Path) -> dict[str, str]:
    """A git that knows nobody's settings."""
    author = {f"GIT_{role}_{what}": "x@x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    kept = {name: os.environ[name] for name in os.environ if name.lower().startswith(("pip_", "uv_", "http", "ssl_"))}
    return {"PATH": f"{BIN}:{os.defpath}", "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", **author, **kept}


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def runner(request, checkout, tmp_path_factory) -> Runner:
    """A repository whose commits go through the hooks."""
    if not (BIN / request.param).exists():
        pytest.skip(f"{request.param} is not installed here")
    home = tmp_path_factory.mktemp(request.param)
    folder = home / "repository"
    folder.mkdir()
    homes = {"PRE_COMMIT_HOME": str(home / "pre-commit"), "PREK_HOME": str(home / "prek")}
    made = Runner(folder, git_environment(home) | homes)
    made.run("git", "init", "-q")
    revision = made.run("git", "-C", checkout, "rev-parse", "HEAD").stdout.strip()
    hooks = [{"id": identifier} for identifier in HOOKS]
    # Somebody's own options.
    hooks.append({"id": "stackferry-lint", "name": "with options", "args": ["--set=none", "--format=gnu", "--"]})
    config = {"repos": [{"repo": checkout, "rev": revision, "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    made.run("git", "add", "--all")
    made.run("git", "commit", "-q", "-m", "x")
    made.run(str(BIN / request.param), "install", "--install-hooks")
    return made


@pytest.mark.slow
def test_a_clean_commit(runner):
    code, output = runner.commit(
        {
            **dict.fromkeys(DOCKERFILES, "FROM debian:12\n"),
            **dict.fromkeys(OTHER_FILES, "{{ anything }}\n"),
            "lint-dockerfile": "#!/bin/sh\nexit 1\n",
            "compose.yaml": "services: {web: {image: 'nginx:1.27'}}\n",
            "compose.override.yaml": "services: {web: {ports: ['80:80']}}\n",
        }
    )

    assert code == 0, output
    assert output.count("Passed") == 3


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCKERFILES)
def test_a_dockerfile_that_fails(runner, path):
    code, output = runner.commit({path: "FROM debian:12\nFOO\nRUN a $x\n", "clean.dockerfile": "FROM debian:12\n"})

    assert code == 1
    assert f"{path}:3:7: warning[SC2154]: x is referenced but not assigned." in output
    assert f"{path}:2:1: error[unknown-instruction]: unknown instruction: FOO" in output
    assert f"stackferry:{path}:2:1: unknown-instruction error: unknown instruction: FOO" in output


@pytest.mark.slow
def test_a_compose_file_that_fails(runner):
    code, output = runner.commit(
        {"compose.yaml": "services: {web: {imge: nginx}}\n", "a/compose.yaml": "services: {web: {image: nginx}}\n"}
    )

    assert code == 1
    assert "compose.yaml:1:18: error[unknown-key]" in output


@pytest.mark.slow
def test_an_override_alone_fails(runner):
    code, output = runner.commit({"b/compose.override.yaml": "services: {web: {ports: ['80:80']}}\n"})

    assert code == 1
    assert "error[no-image]" in output
