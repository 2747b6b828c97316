"""What becomes of every key of a compose file on the local engine: one table, key path to fate.

The same shape as the translator's: every path of the Compose Specification is here, a test fails when one
is missing, and `explain --target local` and the page in the documentation read it.
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
