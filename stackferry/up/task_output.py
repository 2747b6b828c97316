"""Prints the tasks' output above the progress of `up` in the foreground, like `logs --follow`, in a thread."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING

from stackferry.containers.log_reader import Wanted, followed
from stackferry.display.output import pass_on
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.store.clock import read_clock
from stackferry.emulator.store.store import Store
from stackferry.engine import connect
from stackferry.grammar.diagnostics import StackferryError
from stackferry.render.log_prefix import compose_prefix
from stackferry.render.style import Style
from stackferry.session import Session
from stackferry.up.options import Shown

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready

LAST_WORDS = 3.0
"""Seconds to wait for the last output of tasks."""


class TaskOutput:
    """The output of a stack's tasks from now on. `unread` is called when the reader is gone (`up | head`)."""

    def __init__(
        self, session: Session, ready: "Ready", unread: Callable[[], None], shown: Shown | None = None
    ) -> None:
        self.session, self.ready, self.unread, self.shown = session, ready, unread, shown or Shown()
        self.since = time.time()
        self.above: Callable[[], AbstractContextManager[None]] = nullcontext
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, above: Callable[[], AbstractContextManager[None]]) -> None:
        """Print it, from the creation of this object on. `above` makes room for whole lines."""
        self.above = above
        self._thread = threading.Thread(target=self._run, name="echo", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Finish: all tasks have ended, or nothing more is to be shown."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(LAST_WORDS)

    def _run(self) -> None:
        try:
            # A stack that is removed meanwhile has no more output; another module reports the removal.
            with suppress(StackferryError):
                self._show()
        except BrokenPipeError:
            self.unread()

    def _show(self) -> None:
        keys = self.ready.desired.names
        specs = {keys[key] for key in self.shown.services(keys)}
        store = Store(self.ready.home.database, make=False)
        cluster = store.load()
        ids = {one.id for one in cluster.services.values() if one.spec.name in specs}

        def name(task: Task) -> str:
            service, node = cluster.services[task.service_id], cluster.nodes.get(task.node_id)
            short = service.spec.name.removeprefix(f"{self.ready.stack}_")
            return f"{short}.{task.slot or (node.hostname if node else task.node_id)}"

        wanted = (f"{one.spec.name}.{one.spec.replicas}" for one in cluster.services.values() if one.id in ids)
        width = max((len(one) for one in wanted), default=0) - len(self.ready.stack) - 1
        style = Style() if self.shown.plain else self.session.style(error_stream=False)
        prefix = (lambda _: "") if self.shown.bare else compose_prefix(name, width, style)
        first = [cluster]

        def look() -> Cluster | None:
            return first.pop() if first else store.load() if store.written_by_others() else None

        engine = connect(self.session)
        part = Wanted(self.since, new_at=read_clock(store, cluster)())
        try:
            lines = followed(engine, look, lambda task: task.service_id in ids, lambda _: self._ending.is_set(), part)
            for line in lines:
                before = f"{prefix(line.task)}{f'{line.at} ' if self.shown.times else ''}"
                with self.above():
                    pass_on(line.stream, before.encode() + line.text + b"\n")
        finally:
            store.close()
            engine.close()
