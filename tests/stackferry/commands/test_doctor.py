"""`doctor` without an engine: one line per check, exit code 1 if a required check fails."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from stackferry.doctor import engine as engine_doctor
from stackferry.doctor import engine_checks as checkup
from stackferry.emulator.engine.protocol import EngineError, EngineVersion, ExecResult
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.probe import SCRIPT, Probe

WEBNET = "warn  webnet: nf_tables: Error: Could not process rule: Operation not supported: service names resolve to"
HIDES = "warn  published ports: this engine hides client addresses; tasks see the engine's address"


class Told(FakeEngine):
    """A fake engine that says more of itself than it would."""

    said: Mapping[str, object] = {}

    def version(self) -> EngineVersion:
        return replace(super().version(), **self.said)  # type: ignore[arg-type]


@pytest.fixture
def doctor(here, stackferry, monkeypatch):
    """`doctor(words…, exit_code=…, said=…)` on an engine whose probe ends so."""
    from stackferry import engine as connecting
    from stackferry.emulator.webnet import image

    monkeypatch.setattr(image, "ensure_image", lambda *_: "stackferry/gate:test")
    monkeypatch.setattr(image, "missing_programs", lambda: ())
    monkeypatch.setattr(engine_doctor, "_strict_filter", lambda: False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here.parent))

    def run(*words: str, probe: ExecResult | None = None, **said: object):
        answers = {f"/bin/sh -c {SCRIPT}": probe or ExecResult(0)}
        engine = Told(VirtualClock(), {"": Behaviour(answers=answers)}, images=["stackferry/gate:test"])
        engine.said = said
        monkeypatch.setattr(connecting, "connect", lambda _: engine)
        done = stackferry("doctor", *words)
        assert engine.containers({}) == []
        return done

    return run


def test_all_is_well(doctor, tmp_path):
    done = doctor(root="/no/such/place", swarm="inactive")

    assert done.code == 0
    assert done.out.splitlines()[:6] == [
        "ok    engine: 20.10.24 on fake, linux/x86_64, API 1.41",
        "ok    swarm mode: it is off, and not needed",
        "ok    limits: memory, CPU and number of processes can be limited",
        "ok    programs: nft, dnsmasq, conntrack and busybox are installed",
        "ok    webnet: gates get NET_ADMIN, and the kernel has nf_tables and conntrack",
        (
            "ok    published ports: tasks see the client's address (for clients on 127.0.0.1 and in"
            " containers, the gate's)"
        ),
    ]
    # The engine's disk is not to be seen from here; the state's is.
    state, disk, secrets, supervisor = done.out.splitlines()[6:]
    assert state == f"ok    state: {tmp_path}/state/stackferry is writable"
    assert "GiB free at" in disk
    assert (
        secrets
        == f"ok    secrets: {tmp_path}/stackferry is only accessible to you, or will be once a secret is stored there"
    )
    # No systemd answers in that folder.
    words = "a small process restarts a killed manager: systemd is not available for this user"
    assert supervisor == f"ok    supervisor: {words}"
    # Nothing was left, and nothing made that only a stack makes.
    assert not (tmp_path / "state").exists()


def test_json_has_a_line_for_each_check(doctor):
    rows = [json.loads(line) for line in doctor("--format", "json").out.splitlines()]

    assert rows[0] == {
        "Name": "engine",
        "Status": "ok",
        "Message": "20.10.24 on fake, linux/x86_64, API 1.41",
        "Hint": "",
    }
    assert [row["Name"] for row in rows] == [
        *(
            "engine",
            "swarm mode",
            "limits",
            "programs",
            "webnet",
            "published ports",
            "state",
            "disk",
            "secrets",
            "supervisor",
        )
    ]


def test_a_kernel_without_nf_tables_is_told_beforehand(doctor):
    refusal = b"Error: Could not process rule: Operation not supported\nadd table ip stackferry\n"
    done = doctor(probe=ExecResult(12, b"", refusal))

    assert done.code == 0
    assert next(line for line in done.out.splitlines() if line.startswith("warn")).startswith(WEBNET)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            {"desktop": True},
            f"{HIDES} (Docker Desktop)",
        ),
        ({"api": "1.24"}, "FAIL  engine: 20.10.24 on fake, linux/x86_64, API 1.24 (update it to 20.10 or later)"),
        (
            {"os": "windows"},
            "FAIL  engine: 20.10.24 on fake, windows/x86_64, API 1.41 (switch the engine to Linux containers)",
        ),
        ({"rootless": True}, "warn  rootless: the engine runs in rootless mode (do not publish ports below 1024)"),
        (
            {"unlimited": ("memory", "CPU")},
            "warn  limits: not enforced here: memory, CPU (deploy.resources.limits have no effect for these)",
        ),
        (
            {"swarm": "locked"},
            "warn  swarm mode: it is locked (to turn it off: `docker swarm leave --force`)",
        ),
    ],
)
def test_what_an_engine_lacks(doctor, said, line):
    done = doctor(**said)

    assert line in done.out.splitlines()
    assert done.code == line.startswith("FAIL")


@pytest.mark.parametrize(
    ("version", "found", "words"),
    [
        (
            {},
            Probe(),
            "ok    published ports: tasks see the client's address (for clients on 127.0.0.1 and",
        ),
        ({"rootless": True, "port_driver": "slirp4netns"}, Probe(), "ok    published ports: tasks see the client's"),
        (
            {"rootless": True, "port_driver": "builtin"},
            Probe(),
            f"{HIDES} (port driver builtin)",
        ),
        ({}, Probe("NET_ADMIN", "why"), "warn  published ports: NET_ADMIN is missing, so tasks see the gate's address"),
        ({}, Probe("routing", "Not supported"), "warn  published ports: Not supported: tasks see the gate's address"),
    ],
)
def test_whom_tasks_see(version, found, words):
    engine = replace(EngineVersion("20.10", "1.41", "linux", "x86_64", 1, 1, ""), **version)

    assert str(checkup.published_ports(engine, found)).startswith(words)


def test_what_else_is_told_of_it():
    engine = EngineVersion("20.10", "1.41", "linux", "x86_64", 1, 1, "")

    assert "rp_filter is 1" in str(checkup.published_ports(engine, Probe(), strict_filter=True))
    assert "=plain, so tasks see the gate" in str(checkup.published_ports(engine, Probe(), plain=True))
    # It is all that is missing: names and virtual addresses are as they should be.
    assert checkup.webnet(Probe("routing", "Not supported")).verdict == "ok"


def test_no_engine(here, stackferry, monkeypatch):
    from stackferry import engine as connecting

    def refuse(_session: object) -> None:
        raise EngineError("nobody answers", "start it")

    monkeypatch.setattr(connecting, "connect", refuse)
    done = stackferry("doctor")

    assert done.code == 1
    # What can be checked without one is checked all the same.
    found = [line.partition(":")[0] for line in done.out.splitlines()]
    assert found == ["FAIL  engine", "ok    state", "ok    disk", "ok    secrets", "ok    supervisor"]
    assert done.out.startswith("FAIL  engine: nobody answers (start it)\n")


def test_programs_that_are_missing(doctor, monkeypatch):
    from stackferry.emulator.webnet import image

    monkeypatch.setattr(image, "missing_programs", lambda: ("nftables", "conntrack"))
    done = doctor(probe=ExecResult(12))

    assert "FAIL  programs: missing: nftables, conntrack (as root: apt-get install -y nftables conntrack)" in done.out
    assert "FAIL  webnet: not tried: programs are missing (fix the errors above first)" in done.out
    assert done.code == 1


def test_plain_gates_by_wish(doctor, monkeypatch):
    monkeypatch.setenv("STACKFERRY_WEBNET", "plain")
    done = doctor(probe=ExecResult(12))

    assert done.code == 0
    assert "warn  webnet: STACKFERRY_WEBNET=plain: service names resolve to the healthy tasks" in done.out


def test_without_a_load_balanced_network_by_wish(doctor, monkeypatch):
    monkeypatch.setenv("STACKFERRY_WEBNET", "off")
    done = doctor(probe=ExecResult(12))

    assert done.code == 0
    assert "warn  webnet: STACKFERRY_WEBNET=off: no virtual IPs" in done.out
    assert "programs" not in done.out


def test_a_state_directory_that_is_none(doctor, monkeypatch, tmp_path: Path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    done = doctor()

    assert done.code == 1
    assert f"FAIL  state: {tmp_path}/file/stackferry: Not a directory (set XDG_STATE_HOME to" in done.out


def test_a_folder_of_secrets_that_is_no_folder_of_ours(doctor, tmp_path: Path):
    (tmp_path / "stackferry").symlink_to(tmp_path)
    done = doctor()

    assert done.code == 1
    assert f"FAIL  secrets: {tmp_path}/stackferry is a symbolic link of " in done.out
    assert "(remove it (as its owner or as root), or set XDG_RUNTIME_DIR to a folder that you own)" in done.out


@pytest.mark.parametrize(("free", "verdict"), [(50 << 20, "FAIL"), (1 << 30, "warn"), (3 << 30, "ok")])
def test_room_on_a_disk(free, verdict):
    found = checkup.disk("images", "/var/lib/docker", free)

    assert found.verdict == verdict
    assert found.message == f"{free / 2**30:.1f} GiB free at /var/lib/docker"


def test_it_loads_no_sdk_for_its_help():
    code = (
        "import sys, stackferry.commands.doctor;"
        "print([name for name in ('docker', 'stackferry.emulator') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_an_unknown_target(stackferry, here):
    done = stackferry("doctor", "--target", "moon")

    assert done.code == 2
    assert "'moon' is not one of engine, minikube" in done.err


def test_each_target_has_its_checks():
    import importlib

    from stackferry.commands.doctor import TARGETS

    assert all(callable(importlib.import_module(module).checks) for module in TARGETS.values())


def test_who_starts_a_killed_manager_again(doctor, monkeypatch):
    from stackferry.emulator.manager import supervision

    monkeypatch.setattr(supervision, "answers", lambda _: True)
    monkeypatch.setattr(supervision, "lingers", lambda: False)
    assert doctor().out.splitlines()[-1] == (
        "ok    supervisor: systemd restarts a killed manager, in a user unit "
        "(systemd stops it when you log out: keep it running with `loginctl enable-linger`)"
    )
    monkeypatch.setattr(supervision, "lingers", lambda: True)
    assert doctor().out.splitlines()[-1].endswith("in a user unit")
    monkeypatch.setenv("STACKFERRY_SUPERVISOR", "process")
    assert "a small process restarts" in doctor().out
    monkeypatch.setenv("STACKFERRY_SUPERVISOR", "off")
    off = doctor()
    assert off.code == 0
    assert off.out.splitlines()[-1].startswith(
        "warn  supervisor: STACKFERRY_SUPERVISOR=off: a killed manager is not restarted"
    )


def test_who_keeps_each_stack(doctor):
    import os

    from stackferry.emulator.manager.lock import ManagerLock
    from stackferry.emulator.manager.supervisor import claim
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    place = home(os.environ, "shop")
    Store(place.database).close()
    assert doctor().out.splitlines()[-1] == (
        "warn  manager of shop: not running: failed tasks are not replaced (start it with"
        " `stackferry manager start shop`)"
    )
    lock = ManagerLock(place)
    assert lock.acquire()
    me = os.getpid()
    assert f"ok    manager of shop: process {me}, not restarted if it is killed" in doctor().out
    supervisor = claim(str(place.directory))
    assert supervisor is not None
    assert f"ok    manager of shop: process {me}, supervised by process {me}\n" in doctor().out
    lock.release()
    assert "warn  manager of shop: not running; one is being started\n" in doctor().out
    os.close(supervisor)
    assert lock.acquire()
    assert f"warn  manager of shop: process {me}; its supervisor has exited" in doctor().out
    unit = claim(str(place.directory), "unit")
    assert unit is not None
    assert f"process {me}, supervised by systemd in stackferry-shop-" in doctor().out
    os.close(unit)
    lock.release()
