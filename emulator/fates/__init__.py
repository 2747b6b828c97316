"""What the local engine does with every key of a compose file: one table from key path to fate.

The table has the same shape as the translator's. It holds every path of the Compose Specification; a test fails
when a path is missing. `explain --target local` and the documentation page read it.
"""

from collections.abc import Mapping

from stackferry.emulator.fates.build import BUILD
from stackferry.emulator.fates.deploy import DEPLOY
from stackferry.emulator.fates.job import TRIGGERS, shared
from stackferry.emulator.fates.network import NETWORK
from stackferry.emulator.fates.resources import RESOURCES
from stackferry.emulator.fates.service import SERVICE
from stackferry.emulator.fates.storage import STORAGE
from stackferry.emulator.fates.toplevel import TOPLEVEL
from stackferry.grammar.fates import Fate, Table

__all__ = ["FATES", "TABLE"]

_OF_SERVICES = {**SERVICE, **BUILD, **DEPLOY, **NETWORK, **RESOURCES, **STORAGE}

TABLE = Table(
    {
        **TOPLEVEL,
        **{f"services.*.{path}": fate for path, fate in _OF_SERVICES.items()},
        **shared(_OF_SERVICES),
        **TRIGGERS,
    }
)
FATES: Mapping[str, Fate] = TABLE.fates
