"""Runs one `stackferry` command line in its own process, and measures its CPU time and memory.

Run as a script, this is that process: it runs the command, and writes its peak memory to a file descriptor. The parent
gets the CPU time, including descendants, from the kernel; wall time would depend on the machine's load. The peak is
the kernel's `VmHWM`, because `ru_maxrss` of a child begins with its parent's.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.effort import Effort

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 1 << 30
"""Bytes of address space that the process gets: enough for any run, too little to hurt the machine."""
PATIENCE = 60.0
"""Seconds of CPU after which the process is ended."""
LOOK = 1.0
"""Seconds between looks at what it does."""
MERCY = 5.0
"""What a test multiplies its limit in seconds by: it may run on a slow machine, beside others. What it looks for,
work that grows with the square of the input, takes minutes; `make fuzz` and benchmarks/ ask for the goals themselves.
"""


class Outcome(NamedTuple):
    """How a run ended: exit code (None: it was ended), both streams, seconds of CPU, megabytes at most."""

    code: int | None
    out: str
    err: str
    seconds: float
    megabytes: float


def run(folder: Path, *arguments: str, stdin: bytes = b"", through: Sequence[str] = ()) -> Outcome:
    """`stackferry ARGUMENTS` in `folder`; started by the command `through` if there is one."""
    inlet, outlet = os.pipe()
    environment = {"PATH": os.defpath, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "PYTHONPATH": str(ROOT)}
    script = [*through, sys.executable, str(Path(__file__).resolve()), str(outlet), *arguments]
    before = used()
    with os.fdopen(inlet) as report:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with subprocess.Popen(script, cwd=folder, env=environment, pass_fds=(outlet,), **pipes) as process:
            os.close(outlet)
            code, out, err = ended(process, stdin)
        megabytes = float(report.read() or -1)
    return Outcome(code, out.decode(errors="replace"), err.decode(errors="replace"), used() - before, megabytes)


def ended(process: "subprocess.Popen[bytes]", stdin: bytes) -> tuple[int | None, bytes, bytes]:
    """Wait for it, and end it if it is lost; its code and both streams."""
    effort = Effort(process.pid, PATIENCE)
    given: bytes | None = stdin
    try:
        while True:
            try:
                out, err = process.communicate(given, timeout=LOOK)
            except subprocess.TimeoutExpired:
                given = None
                if effort.lost():
                    effort.end()
                    return None, *process.communicate()
            else:
                return process.returncode, out, err
    except BaseException:
        effort.end()
        raise


def used() -> float:
    """Seconds of CPU that children of this process have used, and theirs: of those that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """The most memory that this process has held since it began, or since `forget_peak`, in megabytes."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def forget_peak() -> None:
    """Begin a new measurement of the peak, where the kernel can."""
    try:
        with open("/proc/self/clear_refs", "w") as clear:
            clear.write("5")
    except OSError:
        pass


def _main() -> int:
    outlet, arguments = int(sys.argv[1]), sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from stackferry.cli import main

    code = main(arguments)
    with os.fdopen(outlet, "w") as report:
        report.write(str(peak()))
    return code


if __name__ == "__main__":
    sys.exit(_main())
