"""Having a standby process: one for each user's state folder, begun by a manager and ended with it.

The first manager has it; the others wait for the lock that it holds, and the next one goes on.
"""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from stackferry.standby.message import address

CALM = 10.0
"""Seconds after the start of a manager: to load everything takes half a second of a processor, which tasks that start
just then need more."""

FAILURES = 3
"""So many failures in a row and it is done without."""


def keep(environment: Mapping[str, str]) -> None:
    """Have a standby process for as long as this process lives."""
    if address(environment):
        threading.Thread(target=_keep, args=(dict(environment),), name="standby", daemon=True).start()


def _keep(environment: dict[str, str]) -> None:
    time.sleep(CALM)
    with suppress(OSError), open(f"{address(environment)}.lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        failures = 0
        while failures < FAILURES:
            # It ends well when the program was changed: the next has loaded the new one.
            failures = failures + 1 if _standby(environment, lock.fileno()) else 0


def _standby(environment: dict[str, str], lock: int) -> int:
    """Run one to its end; gives its exit code. Its standard input ends with this process."""
    mine, ours = os.pipe()
    try:
        return subprocess.call(
            [sys.executable, "-P", "-m", "stackferry.standby.server"],
            stdin=mine,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            pass_fds=(lock,),
        )
    finally:
        os.close(mine)
        os.close(ours)
