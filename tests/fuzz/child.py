"""One `stackferry` command line in a process of its own, its time and its memory measured.

Run as a script this is that process: it runs the command, and writes what it took to file descriptor 3.
The peak is the kernel's `VmHWM`, because `ru_maxrss` of a child begins with its parent's.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 1 << 30
"""Bytes of address space that the process gets: enough for any run, too little to hurt the machine."""
PATIENCE = 30.0
"""Wall-clock seconds after which the process is ended."""
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
    with os.fdopen(inlet) as report:
        try:
            done = subprocess.run(
                script,
                cwd=folder,
                env=environment,
                input=stdin,
                capture_output=True,
                pass_fds=(outlet,),
                timeout=PATIENCE,
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as ended:
            code, out, err = None, ended.stdout or b"", ended.stderr or b""
        finally:
            os.close(outlet)
        took: Mapping[str, float] = json.loads(report.read() or '{"seconds": -1, "megabytes": -1}')
    return Outcome(code, out.decode(errors="replace"), err.decode(errors="replace"), **took)


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
        json.dump({"seconds": time.process_time(), "megabytes": peak()}, report)
    return code


if __name__ == "__main__":
    sys.exit(_main())
