"""Prepares the standby process once for all commands: loads modules, and creates what is made on first use.

The commands that it answers (`message.AT_ONCE`) usually end at once and change nothing; where that is not so, they
call `Session.in_own_process`.
"""

import gc
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

_MODULES = (
    "stackferry.standby.message",
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
"""All modules that those commands load, with their own imports; a test checks that they load no others."""


def prepare() -> None:
    """Load all modules, and create what each command would create again. Takes half a second of CPU."""
    for name in _MODULES:
        import_module(name)
    for module in list(_own()):
        for value in list(vars(module).values()):
            _use(value)
    gc.collect()
    # Existing objects are shared with every child; garbage collection must not touch them.
    gc.freeze()


def stamps() -> dict[str, int]:
    """The files of the program with their modification times, which change when the program is updated."""
    files = (module.__file__ for module in _own())
    return {file: _written(file) for file in files if file}


def unchanged(known: dict[str, int]) -> bool:
    """Whether the program's files are still those that were loaded."""
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
    """Make a dataclass create its methods (`lazy_dataclass.py`), or a lazy regular expression compile (`regex.py`)."""
    from stackferry.grammar.lazy_dataclass import complete
    from stackferry.grammar.regex import compile_now

    if isinstance(value, type):
        complete(value)
    else:
        compile_now(value)
