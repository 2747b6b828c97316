"""Reports in a deployment that a later, concurrent deployment of the same stack has replaced it."""

import time
from typing import TYPE_CHECKING

from stackferry.emulator.control.deployment import Deployment, StackRecord
from stackferry.emulator.store.store import Store, StoreGoneError

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready


def replaced_by(ready: "Ready", store: Store) -> Deployment | None:
    """The deployment that has replaced this one's desired state; None while this one is in force."""
    record = store.document("stack", StackRecord)
    if record is None or record.deployments[-1:] == (ready.deployment,):
        return None
    found: Deployment | None = record.replacing(ready.deployment, {spec.name for spec in ready.desired.services})
    return found


def what_replaced(ready: "Ready") -> str:
    """The message about that deployment; empty while there is none."""
    try:
        store = Store(ready.home.database, make=False)
    except StoreGoneError:
        return ""
    try:
        found = replaced_by(ready, store)
    finally:
        store.close()
    return words(ready, found) if found else ""


def words(ready: "Ready", found: Deployment) -> str:
    """The message that names the later deployment and what it has changed in this one."""
    mine = {spec.name for spec in ready.desired.services}
    services = ", ".join(one.removeprefix(f"{ready.stack}_") for one in found.changed if one in mine)
    of = f" of {', '.join(found.files)}" if found.files else ""
    at = time.strftime("%H:%M:%S", time.localtime(found.date))
    return f"this deployment was superseded by another one{of}, by process {found.process} at {at}, in {services}"
