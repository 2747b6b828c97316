"""Decides what restarts a killed manager: systemd or our supervisor, their command lines, and which one runs now.

A user manager of systemd where one answers: a transient unit, named after the stack and its folder. Otherwise, or if
it refuses the unit, the small process of `supervisor.py`. `STACKFERRY_SUPERVISOR=process` skips systemd; with `=off`
a killed manager stays dead until somebody types a command that changes something.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from stackferry.emulator.manager import supervisor
from stackferry.emulator.manager.lock import holder, signature
from stackferry.emulator.store.directories import Home
from stackferry.grammar.lazy_dataclass import dataclass

RESTART_SECONDS = 1
LIMIT_SECONDS, LIMIT_STARTS = 600, 10
"""Limits of the unit: after this many starts within this many seconds, systemd gives up and reports that."""

LOOK = 0.005
PATIENCE = 2.0
"""Seconds for a supervisor to end after its manager."""

_PASSED_ON = ("HOME", "PATH", "TZ", "LANG", "SSH_AUTH_SOCK", "NO_PROXY", "no_proxy")
_PREFIXES = ("DOCKER_", "STACKFERRY_", "XDG_", "PYTHON", "LC_", "HTTP_", "HTTPS_", "http_", "https_")
"""Variables that a manager uses. A unit inherits those of systemd, which may be older."""


@dataclass(frozen=True, slots=True)
class Supervision:
    """How a manager is started. `manager` is its command line; `unit` is the start of systemd's, empty without systemd.

    `alone`: nothing restarts it.
    """

    manager: tuple[str, ...]
    unit: tuple[str, ...] = ()
    alone: bool = False

    def keeper(self, home: Home, *, lock: int = -1, child: int = 0) -> list[str]:
        """The command line of the supervisor; `lock` is an open file, `child` a manager that this process started."""
        own = [sys.executable, "-I", "-S", supervisor.__file__, "keep", str(home.directory), str(lock), str(child)]
        return [*own, str(len(self.unit)), *self.unit, *self.manager]


def supervision(home: Home, stack: str, environment: Mapping[str, str]) -> Supervision:
    """The way chosen here. Asks no process, as `up` does not wait for it: whether systemd answers is seen later."""
    manager = (sys.executable, "-P", "-m", "stackferry", "manager", "run", stack)
    way = environment.get("STACKFERRY_SUPERVISOR")
    program = "" if way in ("process", "off") else user_manager(environment)
    return Supervision(manager, tuple(_unit(program, home, stack, environment)) if program else (), way == "off")


def user_manager(environment: Mapping[str, str]) -> str:
    """The program that talks to this user's systemd manager; empty if there is none."""
    import shutil

    runtime = environment.get("XDG_RUNTIME_DIR")
    if not runtime or not Path(runtime, "systemd", "private").is_socket():
        return ""
    return shutil.which("systemd-run", path=environment.get("PATH")) or ""


def unit_name(home: Home, stack: str) -> str:
    """The unit name for a stack in its folder: another state directory may have a stack of the same name."""
    from hashlib import sha256

    return f"stackferry-{stack}-{sha256(str(home.directory).encode()).hexdigest()[:8]}.service"


def _unit(program: str, home: Home, stack: str, environment: Mapping[str, str]) -> Iterator[str]:
    yield from (program, "--user", "--quiet", "--collect", f"--unit={unit_name(home, stack)}")
    yield f"--description=stackferry manager of {stack}"
    # Not `always`: exit code 0 and SIGTERM mean that the manager ended on purpose.
    yield from ("-p", "Restart=on-failure", "-p", f"RestartSec={RESTART_SECONDS}s")
    yield from ("-p", f"StartLimitIntervalSec={LIMIT_SECONDS}", "-p", f"StartLimitBurst={LIMIT_STARTS}")
    yield from ("-p", "WorkingDirectory=/")
    for name, value in sorted(environment.items()):
        if (name in _PASSED_ON or name.startswith(_PREFIXES)) and value.isprintable():
            yield f"--setenv={name}={value}"


@dataclass(frozen=True, slots=True)
class Keeper:
    """What restarts a stack's manager. `unit`: the process is the main process of a systemd unit, maybe the manager."""

    pid: int
    unit: bool


def keeper(home: Home) -> Keeper | None:
    """The current keeper of the stack; None if there is none."""
    words = (holder(home.supervisor) or "").split()
    return Keeper(int(words[0]), "unit" in words) if words else None


def restarting(home: Home, stack: str, environment: Mapping[str, str]) -> bool:
    """For a stack without a manager: whether one will be started automatically."""
    if keeper(home) is not None:
        return True
    # During systemd's pause there is no process at all.
    return signature(home.supervisor).endswith("unit") and _ask(environment, "is-active", unit_name(home, stack)) in (
        "active",
        "activating",
    )


def leave(home: Home, stack: str, environment: Mapping[str, str]) -> bool:
    """For a stack without a manager: keep it from being restarted. Returns whether a restart was about to come."""
    if not restarting(home, stack, environment):
        return False
    there = keeper(home)
    if there is not None and not there.unit:
        with suppress(ProcessLookupError):
            os.kill(there.pid, signal.SIGTERM)
        return True
    _ask(environment, "stop", unit_name(home, stack))
    return True


@contextmanager
def outlasted(home: Home) -> Iterator[None]:
    """For code that removes a stack: on exit, waits until the supervisor has seen that and has ended."""
    try:
        file = os.open(home.supervisor, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield
        return
    try:
        yield
        end = time.monotonic() + PATIENCE
        # Probing this lock cannot hinder a new supervisor: this file is gone, and the new one locks another.
        while not _free(file) and time.monotonic() < end:
            time.sleep(LOOK)
    finally:
        os.close(file)


def _free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _ask(environment: Mapping[str, str], *words: str) -> str:
    """The answer of `systemctl --user`."""
    import shutil
    import subprocess

    program = shutil.which("systemctl", path=environment.get("PATH"))
    if not program:
        return ""
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - found as the user's shell finds it
            [program, "--user", *words], capture_output=True, text=True, timeout=10, env=dict(environment), check=False
        )
        return done.stdout.strip()
    return ""


def answers(environment: Mapping[str, str]) -> bool:
    """Whether the systemd user manager answers."""
    return bool(user_manager(environment)) and _ask(environment, "show", "--property=Version").startswith("Version=")


def lingers(marks: Path = Path("/var/lib/systemd/linger")) -> bool:
    """Whether the systemd user manager and its units outlive this user's last session."""
    import pwd

    return (marks / pwd.getpwuid(os.getuid()).pw_name).exists()
