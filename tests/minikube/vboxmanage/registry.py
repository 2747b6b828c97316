"""The stand-in's state of VirtualBox: RIG_DIR/state.json, which tests may edit to put it into any state.

hostonlyifs   name → ip, netmask
dhcpservers   network name → ip, netmask, lower, upper
vms           name → state (VirtualBox' word: poweroff, running, paused, saved, aborted, gurumeditation, …), uuid,
              folder, settings (the words of modifyvm), rules, media, shares, extradata, guestproperties; with
              `locked` another session holds it; `keeper` is the process of a running one (keeper.py)
failures      beginning of a command line → message: such calls print it and end with 1, as with RIG_FAIL
warning       what the shell script in front of VBoxManage prints on stdout before every command
log           lines that the next starts write into VBox.log, in place of what it says of a start that succeeds
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

State = dict[str, Any]
"""The content of state.json, as above."""


def folder() -> Path:
    """RIG_DIR: where the state, the log of calls and the processes' own logs are."""
    found = Path(os.environ["RIG_DIR"])
    found.mkdir(parents=True, exist_ok=True)
    return found


def kind() -> str:
    """RIG_VM, what a started machine is: `ns` namespaces, `ssh` an SSH server alone, `none` nothing at all."""
    return os.environ.get("RIG_VM", "ssh")


def read(where: Path) -> State:
    """What `where`/state.json says now; it is replaced as a whole, so no lock is needed to look."""
    try:
        held: State = json.loads((where / "state.json").read_text("utf-8"))
    except FileNotFoundError:
        held = {}
    for table in ("hostonlyifs", "dhcpservers", "vms", "failures"):
        held.setdefault(table, {})
    return held


@contextlib.contextmanager
def edited(where: Path, give_up: Callable[[], bool] = lambda: False) -> Iterator[State | None]:
    """The state, alone; what is changed in it is written, also when the block raises.

    Whoever waits for the lock asks `give_up` now and then, and gets None instead of the state once that says True.
    """
    where.mkdir(parents=True, exist_ok=True)
    with open(where / "lock", "w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if give_up():
                    yield None
                    return
                time.sleep(0.02)
        held = read(where)
        before = json.dumps(held)
        try:
            yield held
        finally:
            after = json.dumps(held, indent=1)
            if json.dumps(held) != before:
                unfinished = where / f"state.{os.getpid()}"
                unfinished.write_text(after, "utf-8")
                unfinished.replace(where / "state.json")
