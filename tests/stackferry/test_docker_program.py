"""Replacing our process with docker: arguments, exit code, streams, signals, terminal; and a missing docker."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry.docker_program import INSTALL, find
from tests.stackferry.test_cli import ROOT

COMMAND = [sys.executable, "-m", "stackferry"]
COMPOSE = "services: {web: {image: nginx}, redis: {image: redis}}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a stack, and `bin/docker`, which says what it was called with and ends with 7."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    docker(tmp_path, 'printf "%s|" "$@"; exit 7')
    return tmp_path


def docker(place: Path, script: str) -> None:
    (place / "bin" / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (place / "bin" / "docker").chmod(0o755)


def environment(place: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join([str(place / "bin"), *(one for one in os.defpath.split(os.pathsep) if one)])
    return {"PYTHONPATH": str(ROOT), "PATH": path, "HOME": str(place), **more}


def run(place: Path, *line: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *line], cwd=place, env=environment(place), capture_output=True, text=True, check=False, **options
    )


@pytest.mark.parametrize(
    "line",
    [
        ["image", "ls", "--format", "{{.ID}} {{.Tag}}"],
        ["login", "-u", "me", "--password-stdin", "localhost:5000"],
        ["build", "-t", "friendlyhello", "."],
        ["run", "-d", "-p", "4000:80", "friendlyhello", "", "a b", "*"],
        ["-H", "tcp://far", "container", "ls", "-aq"],
    ],
)
def test_docker_gets_the_line_as_it_is_and_ends_it(place, line):
    done = run(place, *line)

    assert (done.returncode, done.stdout, done.stderr) == (7, "".join(f"{word}|" for word in line), "")


def test_it_is_the_same_process_with_the_same_streams_and_environment(place):
    docker(place, 'cat; echo "$$ $PWD $0 ${COLOUR-}"; echo told >&2')
    started = subprocess.Popen(
        [*COMMAND, "load"],
        cwd=place,
        env=environment(place, COLOUR="green"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, err = started.communicate("in\n", timeout=60)

    assert out.splitlines() == ["in", f"{started.pid} {place} {place}/bin/docker green"]
    assert (err, started.returncode) == ("told\n", 0)


def test_signals_are_dockers(place):
    docker(place, f'exec {sys.executable} -c "import signal; print(int(signal.getsignal(signal.SIGTERM)), flush=True)"')
    assert run(place, "info").stdout == "0\n"

    # The way of a program that Python has not touched: `yes` ends at a broken pipe by the signal, and tells nothing.
    docker(place, "exec yes")
    line = f"{sys.executable} -m stackferry info | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], env=environment(place), cwd=place, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"y\n{128 + signal.SIGPIPE}\n", "")


def test_the_terminal_is_dockers(place):
    docker(place, "test -t 0 && test -t 1 && stty size && read -r name && echo hello $name")
    parent, child = pty.openpty()
    try:
        started = subprocess.Popen(
            [*COMMAND, "login"], cwd=place, env=environment(place), stdin=child, stdout=child, stderr=child
        )
        os.close(child)
        os.write(parent, b"gordon\n")
        said = b""
        while b"hello gordon" not in said:
            said += os.read(parent, 1024)
        assert started.wait(60) == 0
    finally:
        os.close(parent)


def test_a_service_is_ours_and_an_image_is_dockers(place):
    assert run(place, "run", "alpine", "web").stdout == "run|alpine|web|"
    assert run(place, "run", "wbe").stderr == (
        "the stack has no service wbe (did you mean 'web'?), so the command is passed to docker\n"
    )
    ours = run(place, "build", "-t", "me", "web")
    assert (ours.returncode, ours.stdout) == (2, "")
    assert (
        "web is a service of the stack, and the compose file sets the name of its image; for the folder, write ./web"
        in ours.stderr
    )


def test_without_docker_the_error_says_what_to_install(place):
    (place / "bin" / "docker").unlink()

    def told(*line: str) -> tuple[int, str]:
        done = subprocess.run(
            [*COMMAND, *line],
            cwd=place,
            env={**environment(place), "PATH": str(place / "bin")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    hint = f"\n  hint: {INSTALL}\n"
    none = "and docker is not on the PATH"
    assert told("image", "ls") == (1, f"error: `image` is docker's, {none}{hint}")
    assert told("run", "alpine") == (1, f"error: alpine is not a service of the stack, {none}{hint}")
    (place / "bin" / "docker").write_text("no program")
    (place / "bin" / "docker").chmod(0o755)
    code, said = told("info")
    assert (code, said.partition(", and ")[2]) == (1, f"{place}/bin/docker cannot be started: Exec format error{hint}")


def test_a_docker_that_is_this_program_is_passed_over(place, tmp_path):
    """A link called docker serves programs that know no alias; the docker behind it on the PATH is meant."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "stackferry").write_text(
        f"#!{sys.executable}\nimport sys\nfrom stackferry.cli import main\nsys.exit(main())\n"
    )
    (own / "stackferry").chmod(0o755)
    (own / "docker").symlink_to("stackferry")
    path = f"{own}{os.pathsep}{place / 'bin'}"
    done = subprocess.run(
        [own / "docker", "image", "ls"],
        env={**environment(place), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (7, "image|ls|")
    assert find(path, str(own / "docker")) == str(place / "bin" / "docker")
    assert find(str(own), str(own / "docker")) is None


@pytest.mark.parametrize("start", ["exec ", ""])
def test_a_docker_that_starts_us_again_is_told_and_no_loop(place, start):
    docker(place, f'{start}{sys.executable} -m stackferry "$@"')
    done = run(place, "image", "ls", timeout=60)

    assert done.returncode == 1
    assert f"the docker command on the PATH, {place}/bin/docker, is stackferry itself" in done.stderr
    assert "use an alias (alias docker=stackferry) instead of that file" in done.stderr


HEAVY = {"docker", "lark", "rich", "typer", "requests", "sqlite3"}


@pytest.mark.parametrize(
    ("line", "loaded"),
    [(["image", "ls"], set()), (["run", "nginx:1.27"], set()), (["build", "."], set()), (["run", "alpine"], {"yaml"})],
    ids=" ".join,
)
def test_the_start_is_lean_and_loads_no_stack_that_need_not_be_asked(place, line, loaded):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "stackferry", *line],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    modules = {one.rpartition("|")[2].strip() for one in done.stderr.splitlines() if one.startswith("import time:")}

    assert "stackferry.docker_program" in modules
    assert {one.partition(".")[0] for one in modules} & (HEAVY | {"yaml"}) == loaded
    assert ("stackferry.grammar.compose.load" in modules) == bool(loaded)
