"""A systemd user manager for a test, even if systemd did not start the machine: as root, on Linux.

It runs in a mount namespace in which the machine looks as if systemd had started it, and in its own cgroup. Processes
with its XDG_RUNTIME_DIR talk to it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_SYSTEMD = Path("/lib/systemd/systemd")
_CGROUPS = (Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup"))
_START = """set -e
mount -t tmpfs tmpfs /run/systemd
mkdir /run/systemd/system
exec unshare --cgroup /lib/systemd/systemd --user --log-target=console --log-level=warning
"""

LOOK = 0.05
PATIENCE = 60.0


def possible() -> bool:
    """Whether one can be started here."""
    programs = ("unshare", "systemd-run", "systemctl")
    there = _SYSTEMD.exists() and Path("/run/systemd").is_dir() and all(map(shutil.which, programs))
    return there and os.getuid() == 0


class UserManager:
    """Runs from its making to `close`."""

    def __init__(self, folder: Path) -> None:
        # A socket's path is short.
        self.runtime = Path(tempfile.mkdtemp(prefix="sf"))
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "systemd.log"
        self._cgroup = next(one for one in _CGROUPS if (one / "cgroup.procs").exists()) / f"sf-user-{os.getpid()}"
        self._cgroup.mkdir()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", f"echo $$ >$CGROUP; {_START}"],
                env={**self.environment(dict(os.environ)), "CGROUP": str(self._cgroup / "cgroup.procs")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while not self.ask("show", "--property=Version"):
            if self._process.poll() is not None or time.monotonic() > end:
                said = self.log.read_text(encoding="utf-8", errors="replace")
                self.close()
                raise TimeoutError(f"no user manager of systemd: {said}")
            time.sleep(LOOK)

    def environment(self, given: dict[str, str]) -> dict[str, str]:
        """Variables for who is to talk to it."""
        return {**given, "XDG_RUNTIME_DIR": str(self.runtime)}

    def ask(self, *words: str) -> str:
        """What `systemctl --user` says."""
        environment = self.environment(dict(os.environ))
        done = subprocess.run(["systemctl", "--user", *words], env=environment, capture_output=True, text=True)
        return done.stdout.strip()

    def units(self) -> list[str]:
        """The units of stacks that it has."""
        rows = self.ask("list-units", "--all", "--no-legend", "--plain", "stackferry-*").splitlines()
        return [row.split()[0] for row in rows]

    def close(self) -> None:
        """End it with all that it started."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for folder in sorted([*self._cgroup.rglob("*/"), self._cgroup], reverse=True):
            for pid in _processes(folder):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _removed(folder)
        shutil.rmtree(self.runtime, ignore_errors=True)


def _processes(folder: Path) -> list[int]:
    with suppress(OSError):
        return [int(line) for line in (folder / "cgroup.procs").read_text(encoding="ascii").split()]
    return []


def _removed(folder: Path) -> None:
    """Remove a cgroup; those who were killed in it may need a moment."""
    end = time.monotonic() + PATIENCE
    while folder.is_dir():
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(LOOK)
