"""Copies folders and files of bind mounts from this machine into a stack's claims when it is brought up.

`due` runs before the apply, so that nothing is applied if a folder cannot be read. `make` runs after it, when the
claims exist and the pods wait for their content.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackferry.kube.translated import Translated
    from stackferry.session import Session
    from stackferry.translator.cluster.copying.due import Due
    from stackferry.translator.cluster.copying.transfer import Cluster
    from stackferry.translator.cluster.held import Held


_START = 60.0
"""Seconds that a pod gets to start, even if the wait for workloads is shorter."""


def due(made: "Translated", there: "Held") -> "list[Due]":
    """The copies to make. Raises CopyError if a local file cannot be read."""
    if not made.translation.copies:
        return []
    from stackferry.translator.cluster.copying.due import due as found
    from stackferry.translator.cluster.copying.helper_pod import waiters
    from stackferry.translator.cluster.copying.host_folder import read

    waiting = waiters(made.translation.objects)
    return list(found((one for one in made.translation.copies if one.claim in waiting), there, read))


def make(session: "Session", client: "Cluster", made: "Translated", every: "Sequence[Due]", patience: float) -> None:
    """Make the copies one by one. `patience`: seconds until a pod that receives a copy must run, at least a minute.

    Raises CopyError and ClusterError; the next run goes on where this one stopped.
    """
    if not every:
        return
    from stackferry.translator.cluster.copying.helper_pod import waiters
    from stackferry.translator.cluster.copying.helper_pods import HelperPods
    from stackferry.translator.cluster.copying.transfer import Transfer

    for due in every:
        if due.here.skipped:
            session.note(
                f"{due.copy.shown}: {', '.join(due.here.skipped[:3])} cannot be copied (neither a file nor a folder)"
            )
    project, namespace = made.translation.project.name, made.namespace
    waiting = waiters(made.translation.objects)
    pods = HelperPods(client, project, namespace, waiting, time.monotonic, time.sleep, max(patience, _START))
    Transfer(client, pods, namespace, time.monotonic, session.note).make(every)
