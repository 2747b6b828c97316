"""Waits for the workloads of a stack: polls until all are ready or complete, or one cannot become so.

The clock and the pause are arguments; every change is reported to `told` at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import partial

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import Object, id_of, listed
from stackferry.translator.cluster.readiness import WORKLOADS, Standing, Trouble, standings
from stackferry.translator.cluster.resources import collection, path

STABLE = 2.0
"""Seconds for which all must stay done: a container without a health check is ready at once, even if it soon exits."""
LOOK = 0.5
"""Seconds between two polls."""
LINES = 10
"""Lines of output shown of a container that does not stay up."""


@dataclass(slots=True)
class Waiting:
    """One wait for the workloads `wanted`, by id; None: all of the stack on the cluster.

    `failed` are workloads that cannot become ready, each with the reason. Workloads of the services `optional` may
    fail, and are then no longer waited for: `given_up` has them. `closed` says of workloads, by id, that
    NetworkPolicies cut them off: the reason why one that runs does not become ready.
    """

    client: Client
    project: str
    namespace: str
    wanted: frozenset[str] | None
    clock: Callable[[], float]
    pause: Callable[[float], None]
    optional: frozenset[str] = frozenset()
    closed: Mapping[str, str] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    failed: dict[str, Trouble | None] = field(default_factory=dict)
    _since: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def until_done(
        self, timeout: float, told: Callable[[list[Standing]], None], stable: float = STABLE
    ) -> list[Standing]:
        """The standings at the end: all done for `stable` seconds, or some failed, or as they are after `timeout`."""
        end = self.clock() + timeout
        since: float | None = None
        while True:
            found = [self._with_reason(one) for one in self.look()]
            now = self.clock()
            for standing in found:
                self._judge(standing, now)
            told([self._worth_a_word(one, now) for one in found])
            since = (now if since is None else since) if all(map(self.is_over, found)) else None
            if self.failed or (since is not None and now - since >= stable) or now >= end:
                return found
            self.pause(LOOK)

    def is_over(self, standing: Standing) -> bool:
        """Whether the workload no longer needs to be waited for."""
        return standing.is_done or standing.id in self.given_up

    def look(self) -> list[Standing]:
        """The workloads' current state."""
        kinds = (*WORKLOADS, "Pod")
        *workloads, pods = together(partial(listed, self.client, one, self.project, self.namespace) for one in kinds)
        mine = [one for each in workloads for one in each if self.wanted is None or id_of(one) in self.wanted]
        found = standings(mine, pods)
        if all(one.is_done or (one.troubles and all(each.is_explained for each in one.troubles)) for one in found):
            return found
        return standings(mine, pods, self._warnings())

    def last_words(self, trouble: Trouble) -> list[str]:
        """The last lines of a container's log before it ended."""
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

    def _judge(self, standing: Standing, now: float) -> None:
        if standing.has_failed:
            self._fail(standing, standing.troubles[0] if standing.troubles else None)
        for trouble in standing.troubles:
            if self._age(standing, trouble, now) >= trouble.patience:
                self._fail(standing, trouble)

    def _worth_a_word(self, standing: Standing, now: float) -> Standing:
        lasting = (trouble for trouble in standing.troubles if self._age(standing, trouble, now) >= trouble.passing)
        return replace(standing, troubles=tuple(lasting))

    def _age(self, standing: Standing, trouble: Trouble, now: float) -> float:
        return now - self._since.setdefault((standing.id, trouble.container, trouble.reason), now)

    def _with_reason(self, standing: Standing) -> Standing:
        if standing.is_done or standing.troubles or not standing.runs or standing.id not in self.closed:
            return standing
        return replace(standing, troubles=(Trouble("a network policy isolates it", self.closed[standing.id], ""),))

    def _fail(self, standing: Standing, trouble: Trouble | None) -> None:
        if standing.service in self.optional:
            self.given_up.add(standing.id)
        else:
            self.failed[standing.id] = trouble

    def _warnings(self) -> Iterable[Object]:
        """Warnings; and normal events of claims, since it is a normal event that a claim finds no volume."""
        found = together(partial(self._events, one) for one in ("reason=FailedBinding", "type=Warning"))
        return [event for each in found for event in each]

    def _events(self, which: str) -> list[Object]:
        where = collection("Event", self.namespace)
        try:
            return list(self.client.request("GET", where, fieldSelector=which)["items"])
        except ClusterError:
            # Not everybody may read events, and they are not essential.
            return []
