"""One interface to test both engines: runs containers of given behaviours, real or fake."""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError, EngineEvent
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.box import BEHAVIOUR_LABEL
from stackferry.emulator.fake.engine import FakeEngine

LABEL = "io.stackferry.test"


class Place:
    """`make` creates containers that belong to this place; `seen` are their events since the place was opened."""

    def __init__(self, engine: Engine, image: str) -> None:
        self.engine = engine
        self.image = image
        self.run = uuid.uuid4().hex[:8]
        self.labels = {LABEL: self.run}

    def name(self, short: str) -> str:
        return f"sf-{self.run}-{short}"

    def make(self, short: str, behaviour: Behaviour | None = None, **body: Any) -> str:
        return self.engine.create(self.name(short), self.body(behaviour or Behaviour(), **body))

    def body(self, behaviour: Behaviour, **body: Any) -> dict[str, Any]:
        return {"Image": self.image, **body, "Labels": {**self.labels, **body.get("Labels", {})}}

    def look(self, container: str) -> ContainerInfo:
        info = self.engine.inspect(container)
        assert info is not None
        return info

    def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        raise NotImplementedError

    def seen(self) -> list[EngineEvent]:
        raise NotImplementedError

    def story(self, container: str) -> list[str]:
        """What happened to one container, but for its networks and signals."""
        return [
            event.kind
            for event in self.seen()
            if event.container_id == container and not event.kind.startswith("network") and event.kind != "kill"
        ]


class RealPlace(Place):
    """On the Docker Engine; behaviours become shell scripts."""

    def __init__(self, engine: DockerEngine, image: str) -> None:
        super().__init__(engine, image)
        self._seen: list[EngineEvent] = []
        self._flow = engine.events(None, self.labels)
        self._reader = threading.Thread(target=lambda: self._seen.extend(self._each()), daemon=True)
        self._reader.start()

    def _each(self) -> Any:
        for event in self._flow:
            self._seen.append(event)
        return ()

    def body(self, behaviour: Behaviour, **body: Any) -> dict[str, Any]:
        made = {"Cmd": ["sh", "-c", script(behaviour)], **super().body(behaviour, **body)}
        if behaviour.health:
            test = ["CMD-SHELL", "test ! -e /ill"]
            made["Healthcheck"] = {"Test": test, "Interval": 200_000_000, "Timeout": 2_000_000_000, "Retries": 1}
        return made

    def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not within {seconds} s; seen: {[str(event) for event in self._seen]}"
            time.sleep(0.01)

    def seen(self) -> list[EngineEvent]:
        return list(self._seen)

    def close(self) -> None:
        self._flow.close()
        self._reader.join()
        for info in self.engine.containers(self.labels):
            self.engine.remove(info.id)
        for network in self.engine.networks(self.labels):
            self.engine.remove_network(network.name)
        for volume in self.engine.volumes(self.labels):
            self.engine.remove_volume(volume.name)


class FakePlace(Place):
    """On the fake engine; behaviours go into its table, and waiting moves its clock."""

    engine: FakeEngine

    def __init__(self, engine: FakeEngine, image: str) -> None:
        super().__init__(engine, image)
        self._seen: list[EngineEvent] = []
        self._flow = engine.events(None, self.labels)

    def body(self, behaviour: Behaviour, **body: Any) -> dict[str, Any]:
        key = f"b{len(self.engine.behaviours)}"
        self.engine.behaviours[key] = behaviour
        labels: Mapping[str, str] = body.pop("Labels", {})
        return super().body(behaviour, Labels={BEHAVIOUR_LABEL: key, **labels}, **body)

    def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        end = self.engine.clock.now + seconds
        while not holds():
            assert self.engine.clock.now < end, f"not within {seconds} s; seen: {[str(one) for one in self._seen]}"
            self.engine.clock.advance(0.05)

    def seen(self) -> list[EngineEvent]:
        self._seen += self._flow.take()
        return list(self._seen)


def script(behaviour: Behaviour) -> str:
    """A shell script that behaves so."""
    lines = [
        "trap '' TERM"
        if behaviour.term is None
        else f"trap 'sleep {behaviour.term:g}; exit {behaviour.term_exit}' TERM"
    ]
    lines += [f"echo '{line}' {'>&2' if stream == 'stderr' else ''}" for stream, line in behaviour.says]
    lines += [f"(sleep {at:g}; touch /ill) &" for at, health in behaviour.health if health == "unhealthy"]
    if behaviour.lives is None:
        lines.append("while :; do sleep 60 & wait $!; done")
    else:
        lines += [f"sleep {behaviour.lives:g} & wait $!", f"exit {behaviour.exit}"]
    return "\n".join(lines)


def refusal(act: Callable[[], object]) -> EngineError:
    """The error that a call raises."""
    try:
        act()
    except EngineError as error:
        return error
    raise AssertionError("the engine did not refuse")
