"""One seed of jobs under a manager that is killed at any step, in virtual time, with a clock that people set.

The manager does what `emulator/orchestrator/firings` says, in its order, on a store and an engine in memory; chance
kills it between any two steps, before or after a step took effect. The world checks at once that no container is made
or started twice and that no two runs of a job overlap; `check` counts at the end that every moment is accounted for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from stackferry.emulator.cluster.serialize import decode, encode
from stackferry.emulator.orchestrator.firings import (
    Concurrency,
    Firing,
    Found,
    History,
    Job,
    MissedFires,
    Reason,
    Skipped,
    Trigger,
    begun,
    created,
    decide,
    ended,
    recover,
)
from stackferry.grammar.schedule import parse

LINES = (
    "* * * * *",
    "*/2 * * * *",
    "*/7 * * * *",
    "0 * * * *",
    "30 2 * * *",
    "@every 5m",
    "@every 130s",
    "15,45 * * * *",
)
ZONES = ("", "Europe/Berlin", "Australia/Lord_Howe", "UTC")
LOCAL = ZoneInfo("America/New_York")
STARTS = ("2026-03-28T20:00", "2026-10-24T20:00", "2026-11-01T00:30", "2026-06-15T12:00", "2026-04-04T06:00")
QUIET = 3600


class KilledError(Exception):
    """The manager is dead."""


@dataclass
class Container:
    """A run on the engine; `until` is on the true clock, None before it was started."""

    until: float | None = None


@dataclass
class World:
    """What survives a manager: the engine, the disk, and what really happened."""

    chance: Random
    job: Job
    true: float
    ahead: float = 0.0
    """By how many seconds the machine's clock is ahead of the true one."""
    containers: dict[str, Container] = field(default_factory=dict)
    record: Any = None
    skipped: list[tuple[Skipped, int]] = field(default_factory=list)
    started: list[tuple[Firing, float]] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)
    killing: float = 0.0

    @property
    def now(self) -> datetime:
        """What the machine's clock shows."""
        return datetime.fromtimestamp(self.true + self.ahead, LOCAL)

    def step(self) -> None:
        """A place at which the manager may be killed."""
        if self.chance.random() < self.killing:
            raise KilledError

    def save(self, history: History, skipped: tuple[Skipped, ...] = ()) -> None:
        """One transaction."""
        self.step()
        self.record = encode(history)
        self.skipped += [(one, int(self.now.timestamp())) for one in skipped]
        self.step()

    def create(self, firing: Firing) -> None:
        self.step()
        assert firing.name not in self.ever, f"made twice: {firing.name}"
        self.ever.add(firing.name)
        self.containers[firing.name] = Container()
        self.step()

    def start(self, firing: Firing) -> None:
        self.step()
        container = self.containers[firing.name]
        assert container.until is None, f"started twice: {firing.name}"
        assert not self.running(), f"{firing.name} overlaps with {self.running()}"
        container.until = self.true + self.chance.choice((1, 20, 70, 200, 2000))
        self.started.append((firing, self.true))
        self.step()

    def running(self) -> list[str]:
        return [name for name, one in self.containers.items() if one.until is not None and one.until > self.true]

    def found(self) -> dict[Firing, Found]:
        """What the engine says of containers with the label."""
        return {Firing.named(name): state for name in self.containers if (state := self.state(name))}

    def state(self, name: str) -> Found | None:
        """What the engine says of one."""
        container = self.containers.get(name)
        if container is None:
            return None
        if container.until is None:
            return Found.CREATED
        return Found.RUNNING if container.until > self.true else Found.ENDED


class Manager:
    """One life of a manager."""

    def __init__(self, world: World) -> None:
        self.world = world
        stored = world.record
        self.history: History = decode(History, stored) if stored is not None else begun(world.job, world.now)
        recovery = recover(self.history, world.found())
        self.save(recovery.history)
        for firing in recovery.create:
            self._run(firing)
        for firing in recovery.start:
            world.start(firing)
        self._forget(recovery.ended)

    def save(self, history: History, skipped: tuple[Skipped, ...] = ()) -> None:
        self.world.save(history, skipped)
        self.history = history

    def look(self) -> float:
        """One pass; the seconds until the next one, by the machine's clock, at most until a run ends."""
        over = [run.firing for run in self.history.runs if self.world.state(run.firing.name) is Found.ENDED]
        for firing in over:
            self.save(ended(self.history, firing))
        self._forget(tuple(over))
        decision = decide(self.world.job, self.history, self.world.now)
        self.save(decision.history, decision.skipped)
        for firing in decision.start:
            self._run(firing)
        if decision.next_look is None:
            return float(QUIET)
        return max(decision.next_look.timestamp() - self.world.now.timestamp(), 0.0)

    def _run(self, firing: Firing) -> None:
        self.world.create(firing)
        self.world.start(firing)
        self.save(created(self.history, firing))

    def _forget(self, firings: tuple[Firing, ...]) -> None:
        """Remove most containers of what has ended; others are kept for their logs."""
        for firing in firings:
            if self.world.chance.random() < 0.9:
                self.world.step()
                self.world.containers.pop(firing.name, None)


@dataclass
class Simulation:
    """A seed. `rough`: the manager stays away for long and the clock is set; else it is only killed, and comes back."""

    seed: int
    rough: bool

    def __post_init__(self) -> None:
        chance = Random(self.seed)
        triggers = tuple(self._trigger(chance) for _ in range(chance.choice((1, 1, 2, 3))))
        start = datetime.fromisoformat(chance.choice(STARTS)).replace(tzinfo=LOCAL).timestamp()
        self.world = World(chance, Job("tick", triggers), start + chance.randrange(3600))
        self.begin = int(self.world.true)
        self.jumps = False

    def _trigger(self, chance: Random) -> Trigger:
        schedule = parse(chance.choice(LINES), chance.choice(ZONES))
        limit = chance.choice((None, None, 1, 3))
        return Trigger(schedule, chance.choice(list(Concurrency)), chance.choice(list(MissedFires)), limit)

    def play(self) -> None:
        """Eight hours with faults, then all runs end."""
        world, chance = self.world, self.world.chance
        world.record = encode(begun(world.job, world.now))
        end = world.true + 8 * 3600
        manager: Manager | None = None
        while world.true < end:
            world.killing = chance.choice((0.0, 0.02, 0.2))
            try:
                manager = manager or Manager(world)
                self._pass_time(manager.look())
            except KilledError:
                manager = None
                away = chance.choice((0.1, 1, 5)) if not self.rough else chance.choice((1, 30, 300, 3600, 20_000))
                world.true += away
            if self.rough and chance.random() < 0.02:
                self.jumps = True
                world.ahead += chance.choice((-7200, -600, -61, -5, 5, 61, 600, 7200))
        world.killing = 0.0
        self._drain(manager or Manager(world))
        self.check()

    def _pass_time(self, until: float) -> None:
        world = self.world
        ends = [one.until - world.true for one in world.containers.values() if one.until and one.until > world.true]
        world.true += min([until, *ends, QUIET]) + world.chance.choice((0.0, 0.01, 0.3, 2.0))

    def _drain(self, manager: Manager) -> None:
        """What waits gets its turn: no new moments come, all that is under way ends."""
        job, world = self.world.job, self.world
        world.job = Job(job.name, ())
        for _ in range(5000):
            if not (manager.history.runs or manager.history.queue):
                break
            manager.look()
            world.true += 2001
        world.job = job
        self.last = manager.history

    def check(self) -> None:
        """None lost, none twice, in order, and skipped only with good reason."""
        world = self.world
        assert not self.last.queue
        assert not self.last.runs
        started = [firing for firing, _ in world.started]
        assert len(set(started)) == len(started) == len(world.ever)
        for trigger in world.job.triggers:
            self._accounted(trigger.key, trigger)
        self._in_order(started)
        if not self.rough:
            assert {one.reason for one, _ in world.skipped} <= {Reason.OVERLAP, Reason.FULL}

    def _accounted(self, key: str, trigger: Trigger) -> None:
        """Each moment up to the last considered one either ran or was skipped, once."""
        up_to = next(one.moment for one in self.last.considered if one.schedule == key)
        moments = []
        for moment in trigger.schedule.moments(datetime.fromtimestamp(self.begin, LOCAL)):
            if moment.timestamp() > up_to:
                break
            moments.append(int(moment.timestamp()))
        ran = [firing.moment for firing, _ in self.world.started if firing.schedule == key]
        left = [one for one, _ in self.world.skipped if one.firing.schedule == key]
        places = {moment: place for place, moment in enumerate(moments)}
        skipped = [moments[places[one.firing.moment] + more] for one in left for more in range(one.count)]
        assert sorted([*ran, *skipped]) == moments, key

    def _in_order(self, started: list[Firing]) -> None:
        """Firings of one schedule run in the order of their moments."""
        for key in {firing.schedule for firing in started}:
            mine = [firing.moment for firing in started if firing.schedule == key]
            assert mine == sorted(mine)
