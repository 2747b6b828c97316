"""Where a stack's state lives: `$XDG_STATE_HOME/stackferry/<stack>/`, readable by its user only.

state.db         the store              manager.lock   held by the running manager
wake             the manager's socket   manager.log    its log in the background (.1: the log before that)
engine           the id of the engine that the stack was last on
supervisor.lock  held by the process that restarts a killed manager
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one stack."""

    directory: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.directory / "state.db"

    @property
    def lock(self) -> Path:
        """Held while a manager runs; its content is the manager's process id."""
        return self.directory / "manager.lock"

    @property
    def supervisor(self) -> Path:
        """Held by the process that restarts the manager (`manager/supervisor.py`)."""
        return self.directory / "supervisor.lock"

    @property
    def engine(self) -> Path:
        """The id of the engine that the last manager worked on."""
        return self.directory / "engine"

    @property
    def socket(self) -> Path:
        """The socket on which the manager is woken."""
        return self.directory / "wake"

    @property
    def log(self) -> Path:
        """The log of a manager in the background."""
        return self.directory / "manager.log"


def state_root(environment: Mapping[str, str]) -> Path:
    """The folder of all stacks."""
    base = environment.get("XDG_STATE_HOME") or f"{environment.get('HOME', '/root')}/.local/state"
    return Path(base) / "stackferry"


def gate_memo(environment: Mapping[str, str]) -> Path:
    """Where the name of the gate's image is remembered (`webnet/image.py`)."""
    return state_root(environment) / "gate.json"


def home(environment: Mapping[str, str], stack: str) -> Home:
    """The folder of a stack; it need not exist."""
    return Home(state_root(environment) / "stacks" / stack)


def discard(place: Home) -> None:
    """Remove the folder of a stack, atomically for other processes: the next file written begins a new folder."""
    aside = place.directory.with_name(f".{place.directory.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        place.directory.rename(aside)
    # Also remove what processes that died in this function left behind.
    for path in place.directory.parent.glob(f".{place.directory.name}.*"):
        shutil.rmtree(path, ignore_errors=True)


def stacks(environment: Mapping[str, str]) -> Iterator[str]:
    """The names of the stacks that have a store."""
    root = state_root(environment) / "stacks"
    if root.is_dir():
        yield from sorted(
            one.name for one in root.iterdir() if not one.name.startswith(".") and (one / "state.db").is_file()
        )
