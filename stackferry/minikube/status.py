"""`minikube status`: the machine in one line, then the state of each workload of the stack."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackferry.minikube.place import Place


def lines(place: "Place", project: str, namespace: str) -> tuple[list[str], bool]:
    """The lines, and whether all workloads are ready."""
    from stackferry.translator.cluster.wait import Waiting

    seen = place.look()
    if seen.profile is None:
        return [f"machine  {place.name}: not found"], False
    state = (seen.status.machine or "gone").lower()
    shown = [f"machine  {place.name}: {state}, {seen.profile.driver}, {seen.profile.size}"]
    if not (seen.status.is_serving and seen.status.is_known):
        return shown, False
    standings = Waiting(place.client(), project, namespace, None, time.monotonic, time.sleep).look()
    if not standings:
        return [*shown, f"stack    {project}: not found"], False
    return [*shown, *(one.text for one in standings)], all(one.is_done for one in standings)
