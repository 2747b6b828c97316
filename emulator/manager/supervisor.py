"""The supervisor of a stack: a small process that restarts the stack's manager after it was killed or has crashed.

It is run as a file, by an interpreter that loads nothing else (`python -I -S`): it imports none of our modules and only
the basic ones of Python, so that it takes 10 MB (4 of its own) where a manager takes 50.
`supervision.py` writes its command line and `background.py` starts it, in one of two roles:

    keep FOLDER LOCK MANAGER COUNT UNIT… COMMAND…    the parent of managers; if a systemd user manager takes over (UNIT,
                                                     of COUNT words, asks it to), systemd restarts and this process ends
    unit FOLDER MANAGER/BORN COMMAND…                in that unit: waits for the end of the manager that began outside
                                                     of it, becomes the next, and systemd restarts it from then on

A lock in the stack's folder allows only one supervisor; the manager's own lock tells which manager runs. A manager that
ended on purpose (exit code 0, SIGTERM, its stack is gone) is not restarted, and no second one is started beside it.
"""

import fcntl
import os
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before a manager is restarted after the first, second, … quick death in a row. After these: never."""

STEADY = 60.0
"""Seconds of life after which a death is not quick."""

LOOK = 0.02
PATIENCE = 5.0
"""Seconds for another supervisor to end, or to start a manager."""

HAND_OVER = 10.0
"""Seconds for systemd to take over a unit."""

ON_PURPOSE = (0, -signal.SIGTERM, -signal.SIGINT)


def lock_of(folder: str) -> str:
    """The lock file that the supervisor holds; it contains the process id, followed by `unit` in a systemd unit."""
    return f"{folder}/supervisor.lock"


def claim(folder: str, way: str = "") -> int | None:
    """Become the supervisor; returns its open lock file. None if another one exists: that one's pause is ended."""
    try:
        file = os.open(lock_of(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    if _locked(file, fcntl.LOCK_EX) and is_at(file, lock_of(folder)):
        _write(file, f"{os.getpid()} {way}".rstrip())
        return file
    os.close(file)
    hurry(folder)
    return None


def patient_claim(folder: str, way: str = "", *, unless_managed: bool = False) -> int | None:
    """The same, waiting for a supervisor that is about to end. Also None if a running manager is enough."""
    end = time.monotonic() + PATIENCE
    while (file := claim(folder, way)) is None and time.monotonic() < end and os.path.exists(folder):
        if unless_managed and managed(folder):
            return None
        time.sleep(LOOK)
    return file


def hurry(folder: str) -> None:
    """End the pause of the current supervisor. The signal is harmless if its process id belongs to another process."""
    words = _read(lock_of(folder)).split()
    if words and words[0].isdigit():
        _tried(os.kill, int(words[0]), signal.SIGCONT)


def is_at(file: int, path: str) -> bool:
    """Whether an open file is the one at a path: a lock on a removed file means nothing."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def managed(folder: str) -> bool:
    """Whether a manager of the stack runs, whoever started it."""
    try:
        file = os.open(f"{folder}/manager.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _locked(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def wanted(folder: str, lock: int) -> bool:
    """Whether this supervisor should start a manager: the stack exists, the lock is still ours, and no manager runs."""
    return is_at(lock, lock_of(folder)) and os.path.exists(f"{folder}/state.db") and not managed(folder)


def resigned(folder: str) -> bool:
    """Whether the last manager ended on purpose: it removes its name from its lock then (`lock.py`)."""
    return not _read(f"{folder}/manager.lock").strip()


def born(pid: int) -> str:
    """When a process began, in kernel ticks: unique together with its process id. Empty if the process is gone."""
    # The program's name, in brackets, may contain any character.
    return " ".join(_read(f"/proc/{pid}/stat").rpartition(")")[2].split()[19:20])


def outlive(name: str) -> None:
    """Wait for the end of a process, `pid/born`, which need not be a child."""
    pid, _, birth = name.partition("/")
    while birth and born(int(pid)) == birth:
        try:
            file = os.pidfd_open(int(pid))
        except (AttributeError, OSError):
            time.sleep(0.5)  # a kernel before 5.3
            continue
        if born(int(pid)) == birth:
            import select

            select.select([file], [], [])
            return
        os.close(file)


def main(words: list[str]) -> int:
    """Play the role that the command line asks for; returns the exit code."""
    role, folder, *rest = words
    _open_log(folder)
    if role == "unit":
        return _in_unit(folder, rest[0], rest[1:])
    lock, child, count, *more = rest
    return _keep(folder, int(lock), int(child), more[: int(count)], more[int(count) :])


def _in_unit(folder: str, before: str, command: list[str]) -> int:
    """Be the main process of the unit until it becomes the manager. The lock is passed on."""
    lock = patient_claim(folder, "unit")
    if lock is None:
        return 0
    if before:
        outlive(before)
        if resigned(folder):
            return 0
    if not wanted(folder, lock):
        return 0
    _open_log(folder)
    say(f"systemd is starting a manager ({command[-1]})")
    os.set_inheritable(lock, True)
    return os.execv(command[0], command)  # noqa: S606 - our own program


def _keep(folder: str, file: int, child: int, unit: list[str], command: list[str]) -> int:
    lock = file if file >= 0 else patient_claim(folder, unless_managed=True)
    if lock is None:
        return 0
    os.set_inheritable(lock, False)
    if not child and not wanted(folder, lock):
        return 0
    if unit and _handed_over(folder, child, unit, command):
        return 0
    return _supervise(folder, lock, child, command)


def _handed_over(folder: str, child: int, unit: list[str], command: list[str]) -> bool:
    """Let systemd take over; returns whether it does. Its unit waits until this process has released the lock."""
    before = f"{child}/{born(child)}" if child else ""
    inside = [sys.executable, "-I", "-S", __file__, "unit", folder, before, *command]
    # systemd expands variables.
    whole = [*unit, "--", *(word.replace("$", "$$") for word in inside)]
    try:
        pid = os.posix_spawn(whole[0], whole, os.environ)
    except OSError as error:
        say(f"cannot run {whole[0]}: {error.strerror}")
        return False
    end = time.monotonic() + HAND_OVER
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            if status:
                say("systemd does not accept a unit for the manager: a stackferry process supervises it instead")
            return not status
        time.sleep(LOOK)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    say(f"systemd did not answer within {HAND_OVER:.0f} s: a stackferry process supervises the manager instead")
    return False


def _supervise(folder: str, lock: int, child: int, command: list[str]) -> int:
    bell = _Bell()
    quick = 0
    while True:
        begun = time.monotonic()
        if not child:
            _open_log(folder)
            child = os.posix_spawn(command[0], command, os.environ)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code in ON_PURPOSE or not wanted(folder, lock):
            return 0
        quick = 1 if time.monotonic() - begun > STEADY else quick + 1
        what = end_of(command[-1], child, code)
        child = 0
        if quick > len(PAUSES):
            say(
                f"{what}, like {quick} in a row within {STEADY:.0f} s: giving up; tasks are not restarted"
                " until the next command"
            )
            return 1
        pause = PAUSES[quick - 1]
        say(f"{what}: restarting it{f' in {pause:.0f} s' if pause else ''}")
        bell.wait(pause)
        if not wanted(folder, lock):
            return 0


def end_of(stack: str, manager: int, code: int) -> str:
    """A sentence that says how a manager ended."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"the manager of {stack} (process {manager}) {how}"


class _Bell:
    """A pause that a signal ends, because a command wants a manager now."""

    def __init__(self) -> None:
        self._rung = False
        signal.signal(signal.SIGCONT, self._ring)

    def _ring(self, *_: object) -> None:
        self._rung = True

    def wait(self, seconds: float) -> None:
        """Wait for at most that many seconds."""
        end = time.monotonic() + seconds
        self._rung = False
        while not self._rung and time.monotonic() < end:
            time.sleep(0.1)


def _open_log(folder: str) -> None:
    """Write to the stack's log, as child processes will: the last manager may have begun a new file."""
    try:
        file = os.open(f"{folder}/manager.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def say(text: str) -> None:
    """Write a line to the log, in the format of managers."""
    now = time.time()
    words = f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(now))},{now % 1 * 1000:03.0f} WARNING {text}\n"
    # On a full disk there is nowhere else to report it.
    _tried(os.write, 2, words.encode())


def _locked(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(file: int, text: str) -> None:
    # Overwrite the old text, which needs no space on a full disk. If there is no space, the lock is held all the same.
    _tried(os.pwrite, file, text.ljust(20).encode(), 0)


def _tried(act: "Callable[..., object]", *values: object) -> None:
    """Call it and ignore OSError; `contextlib` is larger than this program."""
    try:
        act(*values)
    except OSError:
        return


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""


if __name__ == "__main__":
    # Nothing is left to tidy up, and the next holder gets the lock at once.
    os._exit(main(sys.argv[1:]))
