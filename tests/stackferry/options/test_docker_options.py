"""Docker's options against the help of installed docker programs, and against our commands of the same names."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from stackferry.commands.swarm import INIT, JOIN, JOIN_TOKEN, LEAVE
from stackferry.options.docker_options import ALONE, OPTIONS, SHARED
from stackferry.verb_table import VERBS
from stackferry.verbs import Commands
from tests.compose5.build import BUILDX, built

_OPTION = re.compile(r"^ +(?:(-\w), )?(--[\w-]+)(?: (\S+))?(?: {2,}|$)", re.MULTILINE)
FOLDERS = [*os.get_exec_path(), os.environ.get("STACKFERRY_ENGINE29_BIN", ".cache/engine29")]
PROGRAMS = sorted({os.path.realpath(Path(one) / "docker") for one in FOLDERS if os.access(f"{one}/docker", os.X_OK)})

each_program = pytest.mark.parametrize(
    "program", PROGRAMS or [pytest.param("", marks=pytest.mark.skip(reason="no docker command here"))]
)
SWARM = [("init", INIT), ("join", JOIN), ("join-token", JOIN_TOKEN), ("leave", LEAVE)]


def told(program: str, command: str, tmp_path: Path, *, buildx: bool = False) -> dict[str, bool]:
    """The options in the help of a command, and whether they take a value. No engine is asked."""
    if buildx:
        plugin = built(BUILDX)
        if plugin is None:
            pytest.skip("no buildx plugin for the docker command (`make compose5` builds it)")
        (tmp_path / "cli-plugins").mkdir()
        (tmp_path / "cli-plugins" / "docker-buildx").symlink_to(plugin)
        command = f"buildx {command}"
    environment = {"PATH": os.defpath, "DOCKER_HOST": "unix:///dev/null", "DOCKER_CONFIG": str(tmp_path)}
    done = subprocess.run(
        [program, *command.split(), "--help"], env=environment, capture_output=True, text=True, check=False
    )
    if buildx and done.returncode:
        pytest.skip(f"{program} does not take this plugin: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    found = {}
    for short, name, value in _OPTION.findall(done.stdout):
        # One whose value may be left out takes none from the next word: --name string[="always"].
        found |= {word: bool(value) and "[=" not in value for word in (short, name) if word}
    return found


@each_program
@pytest.mark.parametrize(("command", "buildx"), [*((command, False) for command in OPTIONS), ("build", True)], ids=str)
def test_the_table_is_the_help_of_the_program(program, command, buildx, tmp_path):
    found = told(program, command, tmp_path, buildx=buildx)
    table = OPTIONS[command]

    assert len(found) > 2
    assert {one for one, valued in found.items() if valued} - table.valued == set()
    assert {one for one, valued in found.items() if not valued} - table.switches == set()


def test_no_option_is_both():
    assert [name for name, one in OPTIONS.items() if one.valued & one.switches] == []


@pytest.mark.parametrize("command", SHARED)
def test_an_option_that_we_have_too_takes_a_value_where_dockers_does(command):
    options = [one for one in Commands(VERBS)[command].params if one.param_type_name == "option"]
    ours = {word: not one.is_flag for one in options for word in one.opts}
    # Ours asks for help; docker's is the host name, and a line that has nothing else is ours all the same.
    ours.pop("-h", None)

    assert {one for one, valued in ours.items() if valued} & OPTIONS[command].switches == set()
    assert {one for one, valued in ours.items() if not valued} & OPTIONS[command].valued == set()


def test_what_is_dockers_alone_is_no_command_of_ours():
    assert ALONE & VERBS.keys() == set()


@each_program
def test_what_is_dockers_alone_is_a_command_of_docker(program):
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
    words = set(re.findall(r"^  ([a-z]+)\*? ", done.stdout, re.MULTILINE))

    # Plugins, of some versions or all, and a command that some versions hide.
    assert ALONE - words <= {"buildx", "checkpoint", "trust"}


@each_program
@pytest.mark.parametrize(
    ("word", "verb"), [("init", INIT), ("join", JOIN), ("join-token", JOIN_TOKEN), ("leave", LEAVE)]
)
def test_the_words_for_a_swarm_take_dockers_options(program, word, verb, tmp_path):
    found = told(program, f"swarm {word}", tmp_path)
    ours = {name: not one.switch for one in verb.options for name in one.words}

    assert ours == {name: valued for name, valued in found.items() if name != "--help"}
