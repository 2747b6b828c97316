"""Which tasks see their clients: runs a helper for each start of a task, in the background, and records the result.

`controller.py` says after each pass which tasks need a helper, and gives gates the marks. A few helpers run at a time,
when no container is being created or started; a task without a mark sees the gate's address in place of its clients.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.return_helper import mark
from stackferry.emulator.webnet.return_path import Marked, ReturnPath, return_paths, starting
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

log = logging.getLogger("stackferry.manager")

AT_ONCE = 2
"""Helpers that run at a time. Each takes a fifth of a second of CPU time."""

HOLD = 10.0
"""Seconds that a helper waits for tasks that are being started."""

RETRIES = (1.0, 5.0, 30.0)
"""Seconds until a helper that the engine refused is retried; after the last one it is given up."""

SAME_START = 1.0
"""Seconds that the engine may take to report a start that is already known."""


@dataclass(slots=True)
class _Wish:
    """One start of a task. `due` is when its helper should run, on the monotonic clock."""

    path: ReturnPath
    since: float
    due: float
    tries: int = 0
    runs: bool = False
    over: bool = False
    mark: Marked | None = None


class ReturnMarks:
    """For one stack. `changed` is called, in another thread, when a task has got its mark."""

    def __init__(self, engine: Engine, stack: str, changed: Callable[[], None]) -> None:
        self._engine, self._stack, self._changed = engine, stack, changed
        self._news = threading.Condition()
        self._wishes: dict[str, _Wish] = {}
        self._begun: dict[str, float] = {}
        self._names: set[str] = set()
        self._threads: list[threading.Thread] = []
        self._image = ""
        self._starting = False
        self._closing = False
        self._warned = False

    def want(self, paths: Mapping[str, ReturnPath], image: str, *, starting: bool) -> None:
        """Set the tasks that need marks now, by id. `starting`: other tasks are being started meanwhile."""
        now = time.monotonic()
        with self._news:
            self._image, self._starting = image, starting
            self._wishes = {
                key: known if (known := self._wishes.get(key)) and known.path == path else _Wish(path, now, now)
                for key, path in paths.items()
            }
            self._begun = {key: at for key, at in self._begun.items() if key in paths}
            while paths and not self._closing and len(self._threads) < AT_ONCE:
                thread = threading.Thread(target=self._run, name="return marks", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._news.notify_all()

    def serve(self, cluster: Cluster, gates: Iterable[GateState] = (), image: str = "") -> None:
        """Want the marks that the tasks of a cluster need, with these gates."""
        self.want(return_paths(cluster, gates), image, starting=starting(cluster))

    def marks(self) -> dict[str, Marked]:
        """Tasks that have their mark."""
        with self._news:
            return {key: wish.mark for key, wish in self._wishes.items() if wish.mark is not None}

    def started(self, task_id: str, container: ContainerInfo) -> None:
        """A task's container was started, as inspected here."""
        with self._news:
            self._begun[task_id] = container.started_at

    def restarted(self, task_id: str, at: float) -> None:
        """The engine reports a start of a task's container, by its own clock: a mark from before is void."""
        with self._news:
            known = self._begun.get(task_id)
            if known is not None and abs(at - known) < SAME_START:
                return
            if task_id in self._wishes:
                self._begun[task_id] = at
        self.connected(task_id)

    def connected(self, task_id: str) -> None:
        """A task's container has new network endpoints: what was set up for the old ones is gone."""
        with self._news:
            wish = self._wishes.get(task_id)
            if wish is None:
                return
            now = time.monotonic()
            self._wishes[task_id] = _Wish(wish.path, now, now)
            self._news.notify_all()
        self._changed()

    def owns(self, name: str) -> bool:
        """Whether a container is one of our running helpers."""
        with self._news:
            return name in self._names

    def close(self) -> None:
        """Start no more helpers. Running ones end by themselves."""
        with self._news:
            self._closing = True
            self._wishes = {}
            self._news.notify_all()

    def join(self, seconds: float) -> None:
        """Wait for the running helpers."""
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        while True:
            with self._news:
                while (found := self._next()) is None:
                    if self._closing:
                        return
                    self._news.wait(self._pause())
                task_id, wish = found
                wish.runs = True
                image = self._image
            self._have(task_id, wish, image)

    def _next(self) -> tuple[str, _Wish] | None:
        now = time.monotonic()
        waiting = ((key, one) for key, one in self._wishes.items() if not (one.runs or one.over))
        return next((pair for pair in waiting if self._due(pair[1]) <= now), None)

    def _due(self, wish: _Wish) -> float:
        return max(wish.due, wish.since + HOLD) if self._starting else wish.due

    def _pause(self) -> float | None:
        times = [self._due(one) for one in self._wishes.values() if not (one.runs or one.over)]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _have(self, task_id: str, wish: _Wish, image: str) -> None:
        names: list[str] = []

        def named(name: str) -> None:
            names.append(name)
            with self._news:
                self._names.add(name)

        try:
            found = mark(self._engine, self._stack, image, task_id, wish.path, named)
        except EngineError as error:
            self._failed(wish, error, again=error.status not in (404, 409))
        except StackferryError as error:
            self._failed(wish, error, again=False)
        except Exception as error:
            # A bug must not end the thread, nor be retried for ever.
            log.exception("a helper of %s", wish.path.service)
            self._failed(wish, StackferryError(repr(error)), again=False)
        else:
            with self._news:
                wish.mark, wish.over = found, True
            log.info(
                "%s of %s sees client addresses (%s)", wish.path.address, wish.path.service, ", ".join(found.protocols)
            )
            self._changed()
        finally:
            with self._news:
                wish.runs = False
                self._names.difference_update(names)

    def _failed(self, wish: _Wish, error: StackferryError, *, again: bool) -> None:
        with self._news:
            ours = any(one is wish for one in self._wishes.values())
            wish.over = not again or wish.tries >= len(RETRIES)
            if not wish.over:
                wish.due = time.monotonic() + RETRIES[wish.tries]
                wish.tries += 1
            loud = wish.over and ours and not self._warned
            self._warned = self._warned or loud
        # A helper of a task that has ended is not worth a warning.
        log.log(
            logging.WARNING if loud else logging.INFO,
            "%s of %s sees the gate's address instead of client addresses: %s",
            wish.path.address,
            wish.path.service,
            error,
        )
