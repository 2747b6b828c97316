"""Waiting for the workloads of a stack: looks again and again until all are done, or one cannot be.

The clock and the pause are arguments; what is seen goes to `told` as soon as it changes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import Object, id_of, listed
from stackferry.translator.cluster.readiness import WORKLOADS, Standing, Trouble, standings
from stackferry.translator.cluster.resources import collection, path

STABLE = 2.0
"""Seconds for which all must be done: a container without a check is ready as soon as it runs, however soon it ends."""
LOOK = 0.5
"""Seconds between two looks."""
LINES = 10
"""Lines of output that are shown of a container that does not stay up."""


@dataclass(slots=True)
class Waiting:
    """One wait for the workloads `wanted`, by id; None: all of the stack that the cluster has.

    `failed` are those that cannot come right, each with why.
    """

    client: Client
    project: str
    namespace: str
    wanted: frozenset[str] | None
    clock: Callable[[], float]
    pause: Callable[[float], None]
    failed: dict[str, Trouble | None] = field(default_factory=dict)
    _since: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def until_done(
        self, timeout: float, told: Callable[[list[Standing]], None], stable: float = STABLE
    ) -> list[Standing]:
        """The standings at the end: all done for `stable` seconds, or some failed, or as they are after `timeout`."""
        end = self.clock() + timeout
        since: float | None = None
        while True:
            found = self.look()
            told(found)
            for one in found:
                self._judge(one)
            now = self.clock()
            since = (now if since is None else since) if all(one.is_done for one in found) else None
            if self.failed or (since is not None and now - since >= stable) or now >= end:
                return found
            self.pause(LOOK)

    def look(self) -> list[Standing]:
        """How far they are now."""
        kinds = (*WORKLOADS, "Pod")
        *workloads, pods = together(partial(listed, self.client, one, self.project, self.namespace) for one in kinds)
        mine = [one for each in workloads for one in each if self.wanted is None or id_of(one) in self.wanted]
        found = standings(mine, pods)
        if all(one.is_done or one.troubles for one in found):
            return found
        return standings(mine, pods, self._warnings())

    def last_words(self, trouble: Trouble) -> list[str]:
        """What a container wrote last, before it ended."""
        where = f"{path('Pod', self.namespace, trouble.pod)}/log"
        for previous in ("true", "false"):
            try:
                text = self.client.request(
                    "GET", where, container=trouble.container, tailLines=str(LINES), previous=previous
                )
            except ClusterError:
                continue
            if text:
                return str(text).splitlines()
        return []

    def _judge(self, one: Standing) -> None:
        if one.has_failed:
            self.failed[one.id] = one.troubles[0] if one.troubles else None
        now = self.clock()
        for trouble in one.troubles:
            key = (one.id, trouble.container, trouble.reason)
            if now - self._since.setdefault(key, now) >= trouble.patience:
                self.failed[one.id] = trouble

    def _warnings(self) -> Iterable[Object]:
        query = {"fieldSelector": "type=Warning"}
        try:
            return list(self.client.request("GET", collection("Event", self.namespace), **query)["items"])
        except ClusterError:
            # Not everybody may read events, and nothing hangs on them.
            return []
