"""The three streams of a process, which whoever started it may have closed. First step of `cli.main`."""

import os
import sys


def complete() -> None:
    """Put something where a stream is closed: else the next file that is opened takes its number.

    What is read is at its end; standard output refuses what is written, which the one handler tells. What it takes
    is UTF-8.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - open as long as the process
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
    if hasattr(sys.stdout, "reconfigure"):
        # Same input, same bytes, in any locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
