"""The kind of supervision and its messages, on machines with a working systemd and without."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.manager import supervisor
from stackferry.emulator.manager.supervision import (
    Keeper,
    answers,
    keeper,
    leave,
    lingers,
    outlasted,
    restarting,
    supervision,
    unit_name,
)
from stackferry.emulator.manager.supervisor import claim
from stackferry.emulator.store.directories import Home

PROGRAM = """#!/bin/sh
echo "$0 $@" >>{folder}/asked
[ -e {folder}/away ] && exit 1
case "$2" in
show) echo Version=252;;
is-active) cat {folder}/active;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a user whose systemd answers: by stand-ins that note what they are asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("systemd-run", "systemctl"):
        (folder / name).write_text(PROGRAM.format(folder=tmp_path), encoding="utf-8")
        (folder / name).chmod(0o755)
    (tmp_path / "systemd").mkdir()
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(tmp_path / "systemd" / "private"))
    yield {"PATH": f"{folder}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": "/home/me"}
    door.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "stacks" / "shop").mkdir(parents=True)
    return Home(tmp_path / "stacks" / "shop")


def test_a_unit_has_the_stacks_name_its_limits_and_what_a_manager_heeds(machine: dict[str, str], home: Home) -> None:
    given = {
        **machine,
        "DOCKER_HOST": "unix:///x y.sock",
        "SECRET": "no",
        "STACKFERRY_WEBNET": "plain",
        "XDG_A": "a\nb",
    }
    program, *words = supervision(home, "shop", given).unit

    assert program.endswith("/bin/systemd-run")
    assert words[:4] == ["--user", "--quiet", "--collect", f"--unit={unit_name(home, 'shop')}"]
    properties = [words[index + 1] for index, word in enumerate(words) if word == "-p"]
    assert properties == [
        "Restart=on-failure",
        "RestartSec=1s",
        "StartLimitIntervalSec=600",
        "StartLimitBurst=10",
        "WorkingDirectory=/",
    ]
    assert [word.removeprefix("--setenv=") for word in words if word.startswith("--setenv=")] == [
        "DOCKER_HOST=unix:///x y.sock",
        "HOME=/home/me",
        f"PATH={machine['PATH']}",
        "STACKFERRY_WEBNET=plain",
        f"XDG_RUNTIME_DIR={machine['XDG_RUNTIME_DIR']}",
    ]


def test_stacks_of_one_name_have_units_of_their_own(home: Home) -> None:
    assert unit_name(home, "shop").startswith("stackferry-shop-")
    assert unit_name(home, "shop") != unit_name(Home(home.directory.with_name("other")), "shop")


def test_without_systemd_it_is_a_process(machine: dict[str, str], home: Home, tmp_path: Path) -> None:
    for gone in ({"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": str(home.directory)}, {"PATH": str(home.directory)}):
        assert supervision(home, "shop", {**machine, **gone}).unit == ()
        assert not answers({**machine, **gone})
    assert supervision(home, "shop", {**machine, "STACKFERRY_SUPERVISOR": "process"}).unit == ()
    off = supervision(home, "shop", {**machine, "STACKFERRY_SUPERVISOR": "off"})
    assert (off.unit, off.alone) == ((), True)
    assert off.manager[-3:] == ("manager", "run", "shop")
    assert answers(machine)
    (tmp_path / "away").touch()
    assert not answers(machine)


def test_the_command_line_of_the_supervisor_is_one_that_it_reads(machine: dict[str, str], home: Home) -> None:
    care = supervision(home, "shop", machine)
    words = care.keeper(home, lock=7, child=8)

    assert words[1:8] == ["-I", "-S", supervisor.__file__, "keep", str(home.directory), "7", "8"]
    count = int(words[8])
    assert words[9 : 9 + count] == list(care.unit)
    assert words[9 + count :] == list(care.manager)


def test_who_looks_after_a_stack(home: Home, machine: dict[str, str]) -> None:
    assert keeper(home) is None
    assert not restarting(home, "shop", machine)
    lock = claim(str(home.directory))
    assert lock is not None
    assert keeper(home) == Keeper(os.getpid(), unit=False)
    assert restarting(home, "shop", machine)
    os.close(lock)
    assert not restarting(home, "shop", machine)
    lock = claim(str(home.directory), "unit")
    assert lock is not None
    assert keeper(home) == Keeper(os.getpid(), unit=True)
    os.close(lock)


@pytest.mark.parametrize(("said", "will"), [("activating", True), ("active", True), ("failed", False), ("", False)])
def test_systemd_is_asked_while_it_pauses(
    home: Home, machine: dict[str, str], tmp_path: Path, said: str, will: bool
) -> None:
    lock = claim(str(home.directory), "unit")
    assert lock is not None
    os.close(lock)
    (tmp_path / "active").write_text(f"{said}\n", encoding="utf-8")

    assert restarting(home, "shop", machine) is will
    assert leave(home, "shop", machine) is will

    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in asked if "stop" in line] == (
        [f"--user stop {unit_name(home, 'shop')}"] if will else []
    )


def test_who_removes_a_stack_waits_for_the_supervisor_to_see_it(home: Home) -> None:
    import threading

    with outlasted(home):
        pass
    lock = claim(str(home.directory))
    assert lock is not None
    ended = threading.Event()

    def remove() -> None:
        with outlasted(home):
            pass
        ended.set()

    thread = threading.Thread(target=remove)
    thread.start()
    assert not ended.wait(0.1)
    os.close(lock)
    thread.join(30)
    assert ended.is_set()


def test_lingering_is_a_file_with_the_users_name(tmp_path: Path) -> None:
    import pwd

    assert not lingers(tmp_path)
    (tmp_path / pwd.getpwuid(os.getuid()).pw_name).touch()
    assert lingers(tmp_path)
