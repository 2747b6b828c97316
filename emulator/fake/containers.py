# ruff: noqa: ARG002 (the protocol has arguments that make no difference to a fake)
"""Containers of the fake engine, which follow their behaviours: a part of `fake.FakeEngine`."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from stackferry.emulator.engine.protocol import (
    ContainerInfo,
    EngineError,
    EngineEvent,
    EngineVersion,
)
from stackferry.emulator.fake.box import Box, behaviour_of, legs_of, mounts_of
from stackferry.emulator.fake.core import digest, has_labels
from stackferry.emulator.fake.images import FakeImages, tagged
from stackferry.emulator.fake.networks import FakeNetworks
from stackferry.emulator.fake.streams import FedStream

KILLED = 137
_ENDING = {False: ("die", "disconnect", "stop"), True: ("disconnect", "stop", "die")}


class FakeContainers(FakeNetworks, FakeImages):
    """The calls of `protocol.Engine` about containers and events."""

    def close(self) -> None:
        """Does nothing: there is no connection."""

    def version(self) -> EngineVersion:
        """The engine that the fake imitates."""
        with self._call("version"):
            number, api = ("29.0.0", "1.56") if self._modern else ("20.10.24", "1.41")
            return EngineVersion(number, api, "linux", "x86_64", 4, 8 << 30, "fake")

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Create a container; returns its id."""
        with self._call("create", name):
            return self._create(name, body, platform)

    def _create(self, name: str, body: Mapping[str, Any], platform: str = "") -> str:
        if (taken := self._seek(name)) and taken.name == name:
            raise EngineError(
                f'Conflict. The container name "/{name}" is already in use by container "{taken.id}". '
                "You have to remove (or rename) that container to be able to reuse that name.",
                status=409,
            )
        image = self._image(str(body.get("Image", "")))
        if image is None:
            raise EngineError(f"No such image: {tagged(str(body.get('Image', '')))}", status=404)
        paths, volumes = mounts_of(body)
        for path in paths:
            if not self._exists(path):
                raise EngineError(
                    f'invalid mount config for type "bind": bind source path does not exist: {path}', status=400
                )
        behaviour = behaviour_of(body, self.behaviours)
        if behaviour.refused:
            raise EngineError(behaviour.refused, status=500)
        for volume in volumes:
            self._create_volume(volume)
        labels = {**image.labels, **(body.get("Labels") or {})}
        self._count += 1
        box = Box(digest(f"{self._count} {name}"), name, body, behaviour, labels, legs_of(body), image_id=image.id)
        self.boxes[box.id] = box
        self._tell("create", box)
        return box.id

    def start(self, container: str) -> None:
        """Start it."""
        with self._call("start", container):
            self._start(container)

    def _start(self, container: str) -> None:
        box = self._box(container)
        if box.running:
            return
        box.run += 1
        try:
            self._share_network(box)
            self._give_legs(box)
            wanted = (box.body.get("HostConfig") or {}).get("PortBindings") or {}
            box.ports = self._ports.take(box.id, box.name, wanted)
            if box.behaviour.start_refused:
                raise EngineError(box.behaviour.start_refused, status=400)
        except EngineError as error:
            self._take_legs(box)
            box.exit_code, box.error = 127 if error.status == 400 else 128, error.message
            raise
        box.status, box.error, box.exit_code = "running", "", 0
        box.started_at, box.finished_at = self.clock.now, 0.0
        box.health = "starting" if box.checked else ""
        self._tell("start", box)
        for stream, line in box.behaviour.says:
            self._say(box, stream, line.encode())
        for after, health in box.behaviour.health:
            self._while_up(box, after, partial(self._judge, box, health))
        if box.behaviour.lives is not None:
            self._while_up(box, box.behaviour.lives, lambda: self._end(box, box.behaviour.exit))

    def _share_network(self, box: Box) -> None:
        kind, _, other = str((box.body.get("HostConfig") or {}).get("NetworkMode") or "").partition(":")
        if kind == "container" and not self._box(other).running:
            raise EngineError(f"cannot join network of a non running container: {self._box(other).id}", status=409)

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """Stop it as its behaviour says; without waiting."""
        with self._call("stop", container):
            box = self._box(container)
            if not box.running:
                return
            term, asked = box.behaviour.term, box.heeds(signal or "TERM")
            self._tell("kill", box)
            box.stopping = True
            if asked and term is not None and term <= grace:
                self._end(box, box.behaviour.term_exit)
            else:
                self._tell("kill", box)
                self._end(box, KILLED)

    def _ask_to_end(self, box: Box, signal: str = "", grace: float = 10.0) -> None:
        box.stopping = True
        self._kill(box.id, signal or "TERM")
        self._while_up(box, grace, lambda: self._kill(box.id))

    def rename(self, container: str, name: str) -> None:
        """Rename it."""
        with self._call("rename", container):
            box, taken = self._box(container), self._seek(name)
            if taken is not None and taken is not box:
                raise EngineError(f'Error when allocating new name: Conflict. The name "/{name}" is in use', status=409)
            box.name = name

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal; unknown signals do nothing."""
        with self._call("kill", container):
            self._kill(container, signal)

    def _kill(self, container: str, signal: str = "SIGKILL") -> None:
        box = self._box(container)
        if not box.running:
            raise EngineError(f"Cannot kill container: {container}: Container {box.id} is not running", status=409)
        self._tell("kill", box)
        term = box.behaviour.term
        if signal.removeprefix("SIG") in {"KILL", "9"}:
            self._end(box, KILLED)
        elif box.heeds(signal) and term is not None:
            if term <= 0:
                self._end(box, box.behaviour.term_exit)
            else:
                self._while_up(box, term, lambda: self._end(box, box.behaviour.term_exit))

    def pause(self, container: str) -> None:
        """Pause it: in the fake, only its status changes."""
        with self._call("pause", container):
            box = self._up(container)
            box.status = "paused"
            self._tell("pause", box)

    def unpause(self, container: str) -> None:
        """Unpause it."""
        with self._call("unpause", container):
            box = self._box(container)
            if box.status != "paused":
                raise EngineError(f"Container {box.id} is not paused", status=500)
            box.status = "running"
            self._tell("unpause", box)

    def remove(self, container: str) -> None:
        """Remove it."""
        with self._call("remove", container):
            self._remove(container)

    def _remove(self, container: str) -> None:
        box = self._seek(container)
        if box is None:
            return
        if box.running:
            self._tell("kill", box)
            self._end(box, KILLED)
        self._forget(box)
        for wait in box.waiting:
            wait(box.exit_code)

    def _forget(self, box: Box) -> None:
        # A container that removes itself may be gone already.
        if self.boxes.pop(box.id, None) is not None:
            self._tell("destroy", box)

    def wait(self, container: str) -> int:
        """Block until another thread makes it end."""
        with self._call("wait", container):
            box = self._box(container)
            self._changed.wait_for(lambda: box.status == "exited" or box.id not in self.boxes)
            return box.exit_code

    def inspect(self, container: str) -> ContainerInfo | None:
        """The container as it is now."""
        with self._call("inspect", container):
            box = self._seek(container)
            return box.info() if box else None

    def containers(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """All containers with these labels."""
        with self._call("containers"):
            return [box.info() for box in self.boxes.values() if has_labels(box.labels, labels)]

    def running(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """The running containers."""
        with self._call("running"):
            found = (box.info() for box in self.boxes.values() if box.running and has_labels(box.labels, labels))
            return [
                ContainerInfo(one.id, one.name, one.image, one.labels, one.status, ports=one.ports) for one in found
            ]

    def events(self, since: float | None, labels: Mapping[str, str]) -> FedStream[EngineEvent]:
        """The events; `take` reads them without blocking."""
        with self._call("events"):
            return self._flow(since, lambda event: has_labels(event.labels, labels))

    def network_events(self, since: float | None) -> FedStream[EngineEvent]:
        """The events of networks and volumes."""
        with self._call("network_events"):
            return self._flow(since, lambda event: event.kind.startswith(("network ", "volume ")))

    def _flow(self, since: float | None, wanted: Callable[[EngineEvent], bool]) -> FedStream[EngineEvent]:
        past = [event for event in self._past if since is not None and event.at >= since]
        flow: FedStream[EngineEvent] = FedStream(past, wanted)
        self._flows.append(flow)
        return flow

    def _while_up(self, box: Box, seconds: float, act: Callable[[], object]) -> None:
        """Call later, unless the container has ended by then."""
        run = box.run

        def check() -> None:
            if box.running and box.run == run:
                act()

        # Never inside the call, even after 0 seconds: a started container must be seen running.
        self._at(seconds, check)

    def _judge(self, box: Box, health: str) -> None:
        if health != box.health:
            box.health = health
            self._tell("health", box, health=health)

    def _say(self, box: Box, stream: str, line: bytes) -> None:
        box.said.append((self.clock.now, stream, line))
        for listener in box.listeners:
            listener.put((stream, line))

    def _end(self, box: Box, code: int, *, silent: bool = False) -> None:
        box.status, box.exit_code, box.finished_at = "exited", code, self.clock.now
        # As in the engine, and without an event.
        box.health = "unhealthy" if box.health else ""
        stopped, box.stopping = box.stopping, False
        for kind in _ENDING[self._modern]:
            if kind == "disconnect":
                self._take_legs(box, silent=silent)
            elif not silent and (kind == "die" or stopped):
                self._tell(kind, box, exit_code=code if kind == "die" else None)
        for listener in box.listeners:
            listener.end()
        box.listeners.clear()
        waiting, box.waiting = box.waiting, []
        for wait in waiting:
            wait(code)
        if (box.body.get("HostConfig") or {}).get("AutoRemove"):
            self._forget(box)
