"""What the standby process does once, so that no command has to: loads modules, and makes what is made when first used.

Which commands it answers is `AT_ONCE`. Each is one that mostly ends at once and changes nothing, and says itself where
that is not so (`Session.in_own_process`).
"""

import gc
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

AT_ONCE = frozenset(
    {
        *(("ps",), ("services",), ("ls",), ("port",), ("up",)),
        *(("stack", "ps"), ("stack", "services"), ("stack", "ls"), ("service", "ps"), ("service", "ls")),
        ("node", "ls"),
    }
)
"""Commands, by their words."""

_MODULES = (
    "stackferry.cli",
    "stackferry.direct",
    "stackferry.commands.ls",
    "stackferry.commands.node",
    "stackferry.commands.port",
    "stackferry.commands.ps",
    "stackferry.commands.services",
    "stackferry.commands.up",
    "stackferry.deploy.admission",
    "stackferry.deploy.deploy",
    "stackferry.emulator.engine.docker",
    "stackferry.emulator.manager.presence",
    "stackferry.engine",
    "stackferry.grammar.compose.assemble",
    "stackferry.lookup.containers",
    "stackferry.lookup.unmanaged",
    "stackferry.options.switch_parser",
    "stackferry.render.container_rows",
    "stackferry.render.service_rows",
    "stackferry.up.options",
    "stackferry.up.summary",
    "stackferry.up.wait",
)
"""All that those commands load (a test sees that they load nothing more), each with what it imports itself."""


def prepare() -> None:
    """Load everything, and make what would be made in each command again. Takes half a second of a processor."""
    for name in _MODULES:
        import_module(name)
    for module in list(_own()):
        for value in list(vars(module).values()):
            _use(value)
    gc.collect()
    # What is there by now is shared with every child, and never looked at again.
    gc.freeze()


def stamps() -> dict[str, int]:
    """The files of the program and when each was written: another program once one of them is another."""
    files = (module.__file__ for module in _own())
    return {file: _written(file) for file in files if file}


def unchanged(known: dict[str, int]) -> bool:
    """Whether the program is the one that was loaded."""
    return all(_written(file) == at for file, at in known.items())


def _written(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0


def _own() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name == "stackferry" or name.startswith("stackferry."):
            yield module


def _use(value: object) -> None:
    """Have a dataclass make its methods (`lazy_dataclass.py`), and an expression be compiled (`regex.py`)."""
    from stackferry.grammar.lazy_dataclass import complete
    from stackferry.grammar.regex import compile_now

    if isinstance(value, type):
        complete(value)
    else:
        compile_now(value)
