"""What becomes of every key of a compose file: one table, key path to fate.

Every path of the Compose Specification is here; a test fails if one is missing. `explain`, the
summary of `convert`, `--strict` and the page in the documentation all read this table.
"""

from collections.abc import Mapping
from types import MappingProxyType

from stackferry.grammar.fates import EXTENSION, Fate, Table
from stackferry.translator.fates.build import BUILD
from stackferry.translator.fates.deploy import DEPLOY
from stackferry.translator.fates.job import JOBS, shared
from stackferry.translator.fates.network import NETWORK
from stackferry.translator.fates.resources import RESOURCES
from stackferry.translator.fates.service import SERVICE
from stackferry.translator.fates.storage import STORAGE
from stackferry.translator.fates.toplevel import TOPLEVEL

__all__ = ["EXTENSION", "FATES", "TABLE", "Fate", "fate_of"]

_OF_SERVICES = {**SERVICE, **BUILD, **DEPLOY, **NETWORK, **RESOURCES, **STORAGE}

FATES: Mapping[str, Fate] = MappingProxyType(
    {
        **TOPLEVEL,
        **{f"services.*.{path}": fate for path, fate in _OF_SERVICES.items()},
        **shared(_OF_SERVICES),
        **JOBS,
    }
)

TABLE = Table(FATES)
fate_of = TABLE.fate_of
"""`Table.fate_of` of the table above."""
