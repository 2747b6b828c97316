"""Following the output of tasks: new tasks are read from their first line, even if the clock was set."""

from collections.abc import Iterator
from typing import Any

from stackferry.containers.log_reader import Wanted, followed
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.spec import TaskTemplate


class Silent:
    """Output that has ended."""

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(())

    def close(self) -> None: ...


class Asked:
    """An engine that keeps what it was asked for."""

    def __init__(self) -> None:
        self.since: dict[str, float] = {}
        self.tail: dict[str, int | None] = {}

    def logs(self, container: str, **options: Any) -> Silent:
        self.since[container], self.tail[container] = options["since"], options["tail"]
        return Silent()


def cluster(*made: float) -> Cluster:
    tasks = [Task(f"t{at:g}", "s", 1, TaskTemplate(), created_at=at, container_id=f"c{at:g}") for at in made]
    return Cluster(tasks={task.id: task for task in tasks})


def test_since_is_for_tasks_that_were_there_before() -> None:
    engine = Asked()
    looks = iter([cluster(1.0), cluster(1.0, 3.0), cluster(1.0, 3.0, 5.0)])
    over = iter([False, False, True])

    list(
        followed(
            engine,  # type: ignore[arg-type]
            lambda: next(looks, None),
            lambda _: True,
            lambda _: next(over),
            Wanted(since=1_700_000_000.0, tail=2, new_at=4.0),
        )
    )

    assert engine.since == {"c1": 1_700_000_000.0, "c3": 1_700_000_000.0, "c5": 0.0}
