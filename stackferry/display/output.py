"""Writes to standard output and standard error as data arrives: our text, and bytes of tasks and processes.

Packages below the commands write through this module; commands print complete results themselves.
"""

import sys
from collections.abc import Iterable


def pass_on(stream: str, data: bytes) -> None:
    """Write bytes of a task or a process to our stream of the same name, `stdout` or `stderr`, without buffering.

    Raises BrokenPipeError if the reader is gone.
    """
    out = sys.stderr.buffer if stream == "stderr" else sys.stdout.buffer
    out.write(data)
    out.flush()


def write_text(text: str) -> None:
    """Write text to standard output; it may be buffered until `flush` or the end of the run."""
    sys.stdout.write(text)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output as they come, and flush after the last one."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def flush() -> None:
    """Write out everything that is buffered."""
    sys.stdout.flush()
    sys.stderr.flush()
