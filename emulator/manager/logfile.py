"""The log of a manager in the background: starts a new file when it has grown large, so that it never fills a disk.

The manager's standard output and error are this file (`background.py`); if they are something else, a terminal or
systemd's journal, it does nothing.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path

LOG_LIMIT = 4 << 20
"""The size limit of one file in bytes. There are two files at most."""


class LogFile(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error; `path` is the log file if standard error goes there."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        super().emit(record)
        with suppress(OSError):  # on a full disk there is nowhere else to report it
            if os.fstat(2).st_size > LOG_LIMIT:
                self._begin_anew()

    def _begin_anew(self) -> None:
        here, there = os.fstat(2), self.path.stat()
        if (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
            return
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        for output in (1, 2):
            os.dup2(file, output)
        os.close(file)
