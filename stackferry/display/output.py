"""What goes to standard output and standard error as it comes: text of ours, and bytes that tasks and processes write.

Rooms below the commands write through here; what a command has whole, it prints itself.
"""

import sys
from collections.abc import Iterable


def pass_on(stream: str, data: bytes) -> None:
    """Write bytes of a task or a process to our stream of the same name, `stdout` or `stderr`, at once.

    Raises BrokenPipeError if nobody reads there any more.
    """
    out = sys.stderr.buffer if stream == "stderr" else sys.stdout.buffer
    out.write(data)
    out.flush()


def write_text(text: str) -> None:
    """Write text to standard output; it may be held back until `flush`, or the end of the run."""
    sys.stdout.write(text)


def write_lines(lines: Iterable[str]) -> None:
    """Write each line to standard output as it comes; what was held back goes out after the last one."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def flush() -> None:
    """Nothing is held back any more."""
    sys.stdout.flush()
    sys.stderr.flush()
