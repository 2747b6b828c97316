"""Keeps a standby process running: one per state folder of a user, a child of a manager that ends with it.

The first manager starts it and holds a lock; the others wait for the lock, and one of them takes over.
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
"""Seconds to wait after the start of a manager: loading takes half a second of CPU, which starting tasks need more."""

FAILURES = 3
"""Failures in a row after which the manager does without a standby process."""


def keep(environment: Mapping[str, str]) -> None:
    """Keep a standby process running while this process lives."""
    if address(environment):
        threading.Thread(target=_keep, args=(dict(environment),), name="standby", daemon=True).start()


def _keep(environment: dict[str, str]) -> None:
    time.sleep(CALM)
    with suppress(OSError), open(f"{address(environment)}.lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        failures = 0
        while failures < FAILURES:
            # It exits with 0 when the program has changed: the next one loads the new version.
            failures = failures + 1 if _standby(environment, lock.fileno()) else 0


def _standby(environment: dict[str, str], lock: int) -> int:
    """Run a standby process to its end; returns its exit code. Its standard input ends with this process."""
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
