"""Plays the same scripts on the emulator's orchestration, in virtual time, with a real engine's overhead."""

from tests.emulator.scenario import Scenario
from tests.swarm.outcome import Outcome, Seen, outcome

START, STOP = 0.45, 0.2
"""Seconds that a real engine takes to make and start a container, and to notice its end."""


class OurScenario(Scenario):
    """A scenario that remembers what became of every task, also of those that are gone."""

    def __init__(self) -> None:
        super().__init__()
        self.world.overhead = (0.15, START - 0.15, STOP)
        self.seen: dict[str, dict[str, Seen]] = {}
        self.updates: dict[str, list[tuple[float, str, str]]] = {}

    def outcomes(self, script: str) -> dict[str, Outcome]:
        self.play(script)
        return {
            name: outcome(self.seen.get(name, {}).values(), self.updates.get(name, []), 0.0) for name in self.settings
        }

    def show(self, cluster: object) -> None:
        world = self.world
        for task in world.cluster.tasks.values():
            service = world.cluster.services[task.service_id]
            slots = self.seen.setdefault(service.spec.name, {})
            slots.setdefault(task.id, Seen(task.id, str(task.slot), task.created_at)).take(
                world.now, str(task.state), str(task.desired), task.error
            )
            if service.update is not None:
                found = self.updates.setdefault(service.spec.name, [])
                status = (str(service.update.state), service.update.message)
                if not found or found[-1][1:] != status:
                    found.append((world.now, *status))
