"""Follows events of networks and volumes: containers that are disconnected, and removals. Beside `watch.py`.

It has a thread of its own: the engine selects events by container labels, which these events lack. Each event is
checked against the engine, because a container that ends leaves its networks, too. The survey finds what was missed.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator

from stackferry.emulator.agent.survey import legs
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.observation import Legs
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import Engine, EngineError, EngineEvent, ItemStream

log = logging.getLogger("stackferry.manager")

RETRY = 0.5
"""Seconds between attempts to reach an engine that is away."""


class NetworkWatch:
    """The thread. `cluster` returns the current tasks, `is_held` whether a network is being replaced right now.

    `post` gets observations of tasks, `leg_taken` a container of one of our networks that is no task's, `lost` the kind
    and name of what was removed.
    """

    def __init__(
        self,
        engine: Engine,
        cluster: Callable[[], Cluster],
        is_held: Callable[[str], bool],
        post: Callable[[Legs], None],
        leg_taken: Callable[[str], None],
        lost: Callable[[str, str], None],
    ) -> None:
        self.engine, self.cluster, self.is_held = engine, cluster, is_held
        self.post, self.leg_taken, self.lost = post, leg_taken, lost
        self._stopping = threading.Event()
        self._flow: ItemStream[EngineEvent] | None = None
        self._thread = threading.Thread(target=self._run, name="networks", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopping.set()
        if self._flow is not None:
            self._flow.close()

    def _run(self) -> None:
        # The engine does not report what happened while it was away; everything is surveyed after that.
        since: float | None = time.time()
        while not self._stopping.is_set():
            try:
                self._flow = self.engine.network_events(since)
                for event in self._flow:
                    self.take(event)
            except EngineError as error:
                log.info("lost the event stream of networks: %s", error)
            since = time.time()
            self._stopping.wait(RETRY)

    def take(self, event: EngineEvent) -> None:
        """Handle one event."""
        kind, _, action = event.kind.partition(" ")
        cluster = self.cluster()
        if self.is_held(event.name):
            return
        if action == "destroy":
            if kind == "volume" or event.name in _networks(cluster):
                self.lost(kind, event.name)
        elif event.name in _networks(cluster):
            task = next((one for one in _running(cluster) if one.container_id == event.container_id), None)
            try:
                if task is not None and (action == "disconnect" or task.cut):
                    self._look(task)
                elif task is None and action == "disconnect":
                    self._not_a_task(cluster, event.container_id)
            except EngineError as error:
                log.info("%s of %s: %s", event.kind, event.name, error)

    def _look(self, task: Task) -> None:
        info = self.engine.inspect(task.container_id)
        if info is not None and info.running:
            self.post(legs(task, info))

    def _not_a_task(self, cluster: Cluster, container: str) -> None:
        """Tasks that are ending leave their networks, too: nobody need look at them."""
        if not cluster.ends and not any(one.container_id == container for one in cluster.tasks.values()):
            self.leg_taken(container)


def _networks(cluster: Cluster) -> set[str]:
    used = {name for one in cluster.services.values() for name in one.spec.task.networks}
    return used.union(*(task.template.networks for task in cluster.tasks.values() if not task.ended))


def _running(cluster: Cluster) -> Iterator[Task]:
    """Tasks whose network endpoints matter: those that are to keep running."""
    for task in cluster.tasks.values():
        if TaskState.STARTING <= task.state <= TaskState.RUNNING and task.wanted and not task.failing:
            yield task
