"""Replaces standard streams that the parent process has closed. First step of `cli.main`."""

import os
import sys


def complete() -> None:
    """Open a substitute for each closed stream: otherwise the next opened file would get its descriptor.

    Standard input is then at its end. Standard output refuses writes, which the error handler reports. An open
    standard output is set to UTF-8.
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
