"""How a manager gets into the background: as a new program, or as a fork of the command that began it.

`manager.ensure_running` chooses. A command that has just deployed a stack has loaded all that a manager needs:
going on as the manager in a child process saves the quarter of a second that a new interpreter needs to load it.
"""

import gc
import logging
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

from stackferry.emulator.manager.supervision import Supervision
from stackferry.emulator.manager.supervisor import ON_PURPOSE, end_of, patient_claim, say, wanted
from stackferry.emulator.store.directories import Home

CALM = 5.0
"""Seconds that a supervisor waits before it becomes a separate program: loading it takes a tenth of a second of CPU
time, which `up` needs more just then.
"""

log = logging.getLogger("stackferry.manager")


class Begun(Protocol):
    """A manager that this process started."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""


class _Child:
    """A child process of ours."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def poll(self) -> int | None:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code


def spawn(home: Home, care: Supervision, environment: Mapping[str, str]) -> Begun:
    """Start the supervisor as a new program, which runs `stackferry manager run`; returns the supervisor's process."""
    with open(_log(home), "ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own program
            care.manager if care.alone else care.keeper(home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=dict(environment),
            start_new_session=True,
        )


def fork(home: Home, run: Callable[[], None], care: Supervision, environment: Mapping[str, str]) -> Begun | None:
    """Fork a child of this process that becomes the supervisor; its own child runs the manager.

    None where that is not safe: a fork has one thread only. The caller must have closed whatever the manager opens
    itself: the engine, a store.
    """
    if threading.active_count() > 1:
        return None
    output = _log(home)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    pid = os.fork()
    if not pid:
        _go_on(output, run if care.alone else lambda: _supervised(home, run, care, environment))
    os.close(output)
    return _Child(pid)


def _supervised(home: Home, run: Callable[[], None], care: Supervision, environment: Mapping[str, str]) -> None:
    """Run the manager in a child, and free all memory of this process by replacing it with a small program."""
    folder = str(home.directory)
    lock = patient_claim(folder, unless_managed=True)
    if lock is None:
        return
    ended, alive = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(lock)
        os.close(ended)
        os.setsid()
        # `alive` stays open as long as this process lives.
        run()
        return
    os.close(alive)
    child = pid
    if select.select([ended], [], [], CALM)[0]:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code in ON_PURPOSE or not wanted(folder, lock):
            return
        say(f"{end_of(care.manager[-1], pid, code)}: restarting it")
        child = 0
    os.set_inheritable(lock, True)
    os.execve(sys.executable, care.keeper(home, lock=lock, child=child), dict(environment))  # noqa: S606 - our own


def _log(home: Home) -> int:
    return os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _go_on(output: int, run: Callable[[], None]) -> NoReturn:
    """In the child: let go of everything of the command's, and never return to it."""
    code = 1
    # Garbage of the command must never be collected here: that would close file numbers that are in use again by then.
    gc.freeze()
    try:
        os.setsid()
        os.chdir("/")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        run()
        code = 0
    except BaseException:
        # The log is the only place left to report this.
        log.exception("the manager is stopping")
    finally:
        logging.shutdown()
        os._exit(code)
