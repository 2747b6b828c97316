# ruff: noqa: ARG002 (the protocol has arguments that make no difference to a fake)
"""The door to an engine that is not there: containers in memory that live by a table of behaviours, on a virtual clock.

Deterministic: nothing happens but by a call or by `clock.advance`. The protocol's blocking calls complete at
once, without moving the clock; `submit` is their other form, which takes its time on the clock. Faults come
from a plan (`fault.py`). The words of refusals and the order of events are those of engine 20.10, or of 29
with `modern`; `tests/emulator/test_door.py` holds it against the real one.
"""

import hashlib
import io
import tarfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path, PurePosixPath
from threading import Condition, RLock
from typing import Any

from emulator.addressing import Addresses, HostPorts
from emulator.behaviour import Behaviour
from emulator.clock import VirtualClock
from emulator.door import (
    BuildOptions,
    ContainerInfo,
    EngineError,
    EngineEvent,
    EngineVersion,
    ExecResult,
    ImageInfo,
    NetworkInfo,
    Usage,
    VolumeInfo,
)
from emulator.fakebox import Box, behaviour_of, legs_of, mounts_of
from emulator.fakeflow import FakeSession, FedFlow
from emulator.fault import FaultList, FaultPlan

KILLED = 137
_REMEMBERED = 256
_PREDEFINED = {"bridge": "172.17.0.0/16", "host": "", "none": ""}
_ENDING = {False: ("die", "disconnect", "stop"), True: ("disconnect", "stop", "die")}


@dataclass(slots=True)
class Pending:
    """A call that was submitted. `done` once it is over: then it has a `result` or an `error`."""

    call: str
    name: str
    since: float
    done: bool = False
    result: Any = None
    error: EngineError | None = None
    at: float | None = None

    def __str__(self) -> str:
        state = "pending" if not self.done else f"failed: {self.error}" if self.error else "done"
        return f"{self.call} {self.name} {state}"


class FakeEngine:
    """`door.Engine` without an engine.

    `behaviours` is keyed by the value of a container's label io.stackferry.behaviour or variable
    STACKFERRY_BEHAVIOUR, or by its image; the empty key is the default. `images` are those that are here,
    `registry` those that can be pulled. `exists` says which paths the host has.
    """

    def __init__(
        self,
        clock: VirtualClock,
        behaviours: Mapping[str, Behaviour] | None = None,
        faults: FaultPlan | None = None,
        images: Sequence[str] = (),
        *,
        modern: bool = False,
        exists: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.clock = clock
        self.behaviours = dict(behaviours or {})
        self.faults: FaultPlan = faults or FaultList()
        self.images: dict[str, ImageInfo] = {}
        self.registry: dict[str, ImageInfo] = {}
        self.boxes: dict[str, Box] = {}
        self.up_at = 0.0
        self.calls: list[str] = []
        self._modern = modern
        self._exists = exists
        self._lock = RLock()
        self._changed = Condition(self._lock)
        self._count = 0
        self._networks: dict[str, Addresses] = {}
        self._volumes: dict[str, VolumeInfo] = {}
        self._ports = HostPorts()
        self._flows: list[FedFlow[EngineEvent]] = []
        self._past: deque[EngineEvent] = deque(maxlen=_REMEMBERED)
        self._held: list[EngineEvent] = []
        self._pending: list[Pending] = []
        for name in images:
            self.add_image(name)
        for name, subnet in _PREDEFINED.items():
            self._add_network(name, {"Driver": name, "IPAM": {"Config": [{"Subnet": subnet}] if subnet else []}})

    def add_image(self, name: str, info: ImageInfo | None = None) -> ImageInfo:
        """Put an image here."""
        made = info or ImageInfo(id=f"sha256:{_digest(name)}")
        self.images[_tagged(name)] = replace(made, tags=(_tagged(name),))
        return self.images[_tagged(name)]

    # Calls that take their time

    def submit(self, call: str, name: str, *rest: Any, **more: Any) -> Pending:
        """Begin a call (`create`, `start`, `stop` …, with its arguments); it is over when the clock says so."""
        with self._lock:
            pending = Pending(call, self._told(name), self.clock.now)
            self._pending.append(pending)
            self.calls.append(f"{self.clock.now:g} {call} {self._told(name)}")
            fault = self.faults.of_call(call, self._told(name))
            wait = fault.seconds if fault else 0.0
            failure = EngineError(fault.message, status=fault.status) if fault and fault.kind != "hang" else None

            def act() -> None:
                if pending.done:
                    return
                if fault and fault.kind == "fail":
                    self._finish(pending, error=failure)
                else:
                    self._begin(pending, failure, call, name, rest, more)

            self._later(wait + self._cost(call, name, rest), act)
            return pending

    def _cost(self, call: str, name: str, rest: Sequence[Any]) -> float:
        if call == "create" and rest:
            return behaviour_of(rest[0], self.behaviours).prepares
        box = self._seek(name) if call == "start" else None
        return box.behaviour.starts if box else 0.0

    def _begin(
        self,
        pending: Pending,
        failure: EngineError | None,
        call: str,
        name: str,
        rest: Sequence[Any],
        more: Mapping[str, Any],
    ) -> None:
        try:
            self._answer()
            if call in {"stop", "wait"}:
                box = self._box(name)
                if call == "stop" and box.running:
                    self._ask_to_end(box, *rest, **more)
                if box.running:
                    box.waiting.append(lambda code: self._finish(pending, code if call == "wait" else None, failure))
                    return
                result: Any = box.exit_code if call == "wait" else None
            else:
                result = getattr(self, f"_{call}")(name, *rest, **more)
        except EngineError as error:
            self._finish(pending, error=error)
        else:
            self._finish(pending, result, failure)

    def _finish(self, pending: Pending, result: Any = None, error: EngineError | None = None) -> None:
        if not pending.done:
            pending.done, pending.result, pending.error, pending.at = True, result, error, self.clock.now
            self._pending.remove(pending)

    def crash(self, down: float = 0.0, *, graceful: bool = False) -> None:
        """The engine goes away for some seconds, and every container with it: killed, or asked when `graceful`.

        Nobody is told: streams of events break, calls under way fail, later ones fail until it is back.
        """
        with self._lock:
            lost = _unreachable()
            for pending in list(self._pending):
                self._finish(pending, error=lost)
            for flow in self._flows:
                flow.end(lost)
            self._flows.clear()
            self._past.clear()
            self._held.clear()
            for box in self.boxes.values():
                if box.running:
                    heeds = graceful and box.behaviour.term is not None
                    self._end(box, box.behaviour.term_exit if heeds else KILLED, silent=True)
            self.up_at = self.clock.now + down

    # Containers

    def version(self) -> EngineVersion:
        """The engine that it plays."""
        with self._call("version"):
            number, api = ("29.0.0", "1.56") if self._modern else ("20.10.24", "1.41")
            return EngineVersion(number, api, "linux", "x86_64", 4, 8 << 30, "fake")

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Make a container; gives its id."""
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
            raise EngineError(f"No such image: {_tagged(str(body.get('Image', '')))}", status=404)
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
        box = Box(_digest(f"{self._count} {name}"), name, body, behaviour, labels, legs_of(body))
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

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """End it as it would end; at once."""
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

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal: one that it does not know does nothing."""
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
        """Freeze it: for the fake, only its status."""
        with self._call("pause", container):
            box = self._up(container)
            box.status = "paused"
            self._tell("pause", box)

    def unpause(self, container: str) -> None:
        """Let it go on."""
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
        del self.boxes[box.id]
        self._tell("destroy", box)
        for wait in box.waiting:
            wait(box.exit_code)

    def wait(self, container: str) -> int:
        """Block until another thread lets it end."""
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
        """All with these labels."""
        with self._call("containers"):
            return [box.info() for box in self.boxes.values() if _has(box.labels, labels)]

    def events(self, since: float | None, labels: Mapping[str, str]) -> FedFlow[EngineEvent]:
        """What happens; `take` reads it without blocking."""
        with self._call("events"):
            past = [event for event in self._past if since is not None and event.at >= since]
            flow: FedFlow[EngineEvent] = FedFlow(past, lambda event: _has(event.labels, labels))
            self._flows.append(flow)
            return flow

    # Networks and volumes

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All with these labels."""
        with self._call("networks"):
            return [one.info for one in self._networks.values() if _has(one.info.labels, labels)]

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Make a network; gives its id."""
        with self._call("create_network", name):
            return self._create_network(name, body)

    def _create_network(self, name: str, body: Mapping[str, Any]) -> str:
        if name in _PREDEFINED:
            raise EngineError("operation is not permitted on predefined " + name + " network ", status=403)
        if name in self._networks:
            raise EngineError(f"network with name {name} already exists", status=409)
        return self._add_network(name, body).id

    def _add_network(self, name: str, body: Mapping[str, Any]) -> NetworkInfo:
        pools = (body.get("IPAM") or {}).get("Config") or ()
        used = [IPv4Network(one) for network in self._networks.values() for one in network.info.subnets]
        asked = [IPv4Network(pool["Subnet"]) for pool in pools if pool.get("Subnet")]
        if any(one.overlaps(other) for one in asked for other in used):
            raise EngineError("Pool overlaps with other one on this address space", status=403)
        if not asked and name not in {"host", "none"}:
            free = (IPv4Network(f"172.{number}.0.0/16") for number in range(18, 256))
            asked = [next(one for one in free if not any(one.overlaps(other) for other in used))]
        self._count += 1
        info = NetworkInfo(
            id=_digest(f"network {self._count} {name}"),
            name=name,
            driver=str(body.get("Driver") or "bridge"),
            labels=dict(body.get("Labels") or {}),
            subnets=tuple(map(str, asked)),
            ip_ranges=tuple(pool["IPRange"] for pool in pools if pool.get("IPRange")),
            gateways=tuple(pool["Gateway"] for pool in pools if pool.get("Gateway")),
            internal=bool(body.get("Internal", False)),
            options=dict(body.get("Options") or {}),
        )
        self._networks[name] = Addresses(info)
        return info

    def remove_network(self, name: str) -> None:
        """Remove it."""
        with self._call("remove_network", name):
            self._remove_network(name)

    def _remove_network(self, name: str) -> None:
        found = self._network(name)
        if found is None:
            return
        info = found.info
        if info.name in _PREDEFINED:
            raise EngineError(f"{info.name} is a pre-defined network and cannot be removed", status=403)
        if any(info.name in box.addresses for box in self.boxes.values()):
            raise EngineError(
                f"error while removing network: network {info.name} id {info.id} has active endpoints", status=403
            )
        del self._networks[info.name]

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network, by name or id."""
        with self._call("inspect_network", name):
            found = self._network(name)
            return found.info if found else None

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Give a container a leg in a network."""
        with self._call("connect", network):
            self._connect(network, container, endpoint)

    def _connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        box, found = self._box(container), self._network(network)
        # As the engine does: whether the network exists is found out when the container starts.
        name = found.info.name if found else network
        if box.running:
            if found is None:
                raise EngineError(f"network {network} not found", status=404)
            if name in box.addresses:
                raise EngineError(f"endpoint with name {box.name} already exists in network {name}", status=403)
            self._give_leg(box, name, endpoint)
        box.legs[name] = endpoint

    def disconnect(self, network: str, container: str) -> None:
        """Take that leg away."""
        with self._call("disconnect", network):
            self._disconnect(network, container)

    def _disconnect(self, network: str, container: str) -> None:
        box, found = self._box(container), self._network(network)
        name = found.info.name if found else network
        if name not in box.legs:
            raise EngineError(f"container {box.id} is not connected to the network {name}", status=500)
        del box.legs[name]
        self._take_leg(box, name)

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All with these labels."""
        with self._call("volumes"):
            return [one for one in self._volumes.values() if _has(one.labels, labels)]

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Make a volume, unless it is there."""
        with self._call("create_volume", name):
            self._create_volume(name, driver, options, labels)

    def _create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        made = VolumeInfo(name, driver or "local", dict(labels or {}), dict(options or {}), f"/volumes/{name}/_data")
        self._volumes.setdefault(name, made)

    def remove_volume(self, name: str) -> None:
        """Remove it."""
        with self._call("remove_volume", name):
            users = [box.id for box in self.boxes.values() if name in mounts_of(box.body)[1]]
            if users:
                raise EngineError(f"remove {name}: volume is in use - [{', '.join(users)}]", status=409)
            self._volumes.pop(name, None)

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume."""
        with self._call("inspect_volume", name):
            return self._volumes.get(name)

    # Images

    def image(self, name: str) -> ImageInfo | None:
        """An image that is here."""
        with self._call("image", name):
            return self._image(name)

    def pull(self, name: str, platform: str = "", progress: Callable[[str], None] | None = None) -> None:
        """Fetch an image that `registry` has."""
        with self._call("pull", name):
            self._pull(name, platform, progress)

    def _pull(self, name: str, platform: str = "", progress: Callable[[str], None] | None = None) -> None:
        if _tagged(name) not in self.registry:
            raise EngineError(
                f"pull access denied for {name}, repository does not exist or may require 'docker login': "
                "denied: requested access to the resource is denied",
                status=404,
            )
        self.add_image(name, self.registry[_tagged(name)])
        if progress:
            progress(f"Status: Downloaded newer image for {_tagged(name)}")

    def build(self, context: Path, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Make an image with the tags; nothing is read."""
        with self._call("build", str(context)):
            made = ImageInfo(id=f"sha256:{_digest(f'{context} {options}')}", labels=options.labels)
            for tag in options.tags or (made.id,):
                self.add_image(tag, made)
            if progress:
                progress(f"Successfully built {made.id[7:19]}")
            return made.id

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Make an image; the archive counts for its id only."""
        with self._call("import_image", name):
            return self.add_image(name, ImageInfo(id=f"sha256:{hashlib.sha256(archive).hexdigest()}")).id

    def remove_image(self, name: str) -> None:
        """Take the name away."""
        with self._call("remove_image", name):
            self.images.pop(_tagged(name), None)

    # Processes and files inside

    def exec(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        workdir: str = "",
        env: Sequence[str] = (),
        tty: bool = False,
        stdin: bytes = b"",
    ) -> ExecResult:
        """What the container's behaviour answers to the command; else nothing and 0."""
        with self._call("exec", container):
            return self._exec(container, command)

    def _exec(self, container: str, command: Sequence[str]) -> ExecResult:
        box = self._up(container)
        if box.status == "paused":
            raise EngineError(f"Container {container} is paused, unpause the container before exec", status=409)
        return box.behaviour.answers.get(" ".join(command), ExecResult(0))

    def exec_stream(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        workdir: str = "",
        env: Sequence[str] = (),
        tty: bool = False,
    ) -> FakeSession:
        """The same as a session."""
        result = self.exec(container, command)
        says = (("stdout", result.stdout), ("stderr", result.stderr))
        return FakeSession((piece for piece in says if piece[1]), result.exit_code)

    def attach(self, container: str, *, stdin: bool = True) -> FakeSession:
        """A session that repeats what the container said."""
        with self._call("attach", container):
            box = self._box(container)
            return FakeSession(((stream, line + b"\n") for _, stream, line in box.said), box.exit_code)

    def put_archive(self, container: str, path: str, archive: bytes) -> None:
        """Keep the files of a tar."""
        with self._call("put_archive", container), tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            box = self._box(container)
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    box.files[str(PurePosixPath(path) / member.name)] = content.read()

    def get_archive(self, container: str, path: str) -> bytes:
        """A tar of files that were put there."""
        with self._call("get_archive", container):
            box = self._box(container)
            base = PurePosixPath(path)
            found = {name: data for name, data in box.files.items() if PurePosixPath(name).is_relative_to(base)}
            if not found:
                raise EngineError(f"Could not find the file {path} in container {container}", status=404)
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w") as tar:
                for name, data in sorted(found.items()):
                    member = tarfile.TarInfo(str(PurePosixPath(name).relative_to(base.parent)))
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
            return packed.getvalue()

    def logs(
        self,
        container: str,
        *,
        follow: bool = False,
        since: float = 0.0,
        until: float = 0.0,
        tail: int | None = None,
        timestamps: bool = False,
        stdout: bool = True,
        stderr: bool = True,
    ) -> FedFlow[tuple[str, bytes]]:
        """What it said."""
        with self._call("logs", container):
            box = self._box(container)
            wanted = {name for name, asked in (("stdout", stdout), ("stderr", stderr)) if asked}
            rows = [
                (stream, _stamp(at) + line if timestamps else line)
                for at, stream, line in box.said
                if stream in wanted and at >= since and (not until or at <= until)
            ]
            shown = rows if tail is None else rows[len(rows) - min(tail, len(rows)) :]
            flow: FedFlow[tuple[str, bytes]] = FedFlow(shown, lambda row: row[0] in wanted)
            if follow and box.running:
                box.listeners.append(flow)
            else:
                flow.end()
            return flow

    def stats(self, container: str) -> Usage:
        """An idle process."""
        with self._call("stats", container):
            self._box(container)
            return Usage(at=self.clock.now, memory=1 << 20, memory_limit=8 << 30, pids=1)

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """One process."""
        with self._call("top", container):
            box = self._up(container)
            return ("PID", "CMD"), ((str(box.info().pid), " ".join(map(str, box.body.get("Cmd") or ()))),)

    # Inside

    @contextmanager
    def _call(self, call: str, name: str = "") -> Iterator[None]:
        """A blocking call: counted, and failed where the plan says so. None hangs: time stands still."""
        with self._lock:
            self.calls.append(f"{self.clock.now:g} {call} {self._told(name)}")
            fault = self.faults.of_call(call, self._told(name))
            if fault and fault.kind == "fail":
                raise EngineError(fault.message, status=fault.status)
            self._answer()
            yield
            self._changed.notify_all()
            if fault and fault.kind == "fail-after":
                raise EngineError(fault.message, status=fault.status)

    def _answer(self) -> None:
        if self.clock.now < self.up_at:
            raise _unreachable()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if seconds <= 0:
            act()
        else:
            self._at(seconds, act)

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        def locked() -> None:
            with self._lock:
                act()
                self._changed.notify_all()

        self.clock.at(self.clock.now + seconds, locked)

    def _while_up(self, box: Box, seconds: float, act: Callable[[], object]) -> None:
        """Later, unless it has ended by then."""
        run = box.run

        def check() -> None:
            if box.running and box.run == run:
                act()

        # Never inside the call, even after no time: what was started must be seen to run.
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
        # As the engine does, and without an event.
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

    def _give_legs(self, box: Box) -> None:
        for name, endpoint in box.legs.items():
            if name not in self._networks:
                raise EngineError(f"network {name} not found", status=404)
            self._give_leg(box, name, endpoint)

    def _give_leg(self, box: Box, name: str, endpoint: Mapping[str, Any]) -> None:
        wanted = (endpoint.get("IPAMConfig") or {}).get("IPv4Address") or ""
        box.addresses[name] = self._networks[name].take(wanted)
        self._tell_network("connect", box, name)

    def _take_legs(self, box: Box, *, silent: bool = False) -> None:
        for name in list(box.addresses):
            self._take_leg(box, name, silent=silent)
        self._ports.give_back(box.id)
        box.ports = {}

    def _take_leg(self, box: Box, name: str, *, silent: bool = False) -> None:
        if name in box.addresses:
            self._networks[name].give_back(box.addresses.pop(name))
            if not silent:
                self._tell_network("disconnect", box, name)

    def _tell(self, kind: str, box: Box, exit_code: int | None = None, health: str = "") -> None:
        self._deliver(EngineEvent(kind, box.id, box.name, box.labels, exit_code, health, self.clock.now))

    def _tell_network(self, kind: str, box: Box, name: str) -> None:
        self._deliver(EngineEvent(f"network {kind}", box.id, name, at=self.clock.now))

    def _deliver(self, event: EngineEvent) -> None:
        fault = self.faults.of_event(event.kind, event.name)
        kind = fault.kind if fault else ""
        self._past.append(event)
        if kind == "swap":
            self._held.append(event)
            self._at(1.0, self._release)
        elif fault and kind == "late":
            self._at(fault.seconds, lambda: self._put(event))
        elif kind != "lose":
            self._put(event)
            if kind == "twice":
                self._put(event)
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._put(event)

    def _put(self, event: EngineEvent) -> None:
        self._flows = [flow for flow in self._flows if not flow.closed]
        for flow in self._flows:
            flow.put(event)

    def _seek(self, container: str) -> Box | None:
        if container in self.boxes:
            return self.boxes[container]
        return next((box for box in self.boxes.values() if box.name == container), None)

    def _box(self, container: str) -> Box:
        box = self._seek(container)
        if box is None:
            raise EngineError(f"No such container: {container}", status=404)
        return box

    def _up(self, container: str) -> Box:
        box = self._box(container)
        if not box.running:
            raise EngineError(f"Container {box.id} is not running", status=409)
        return box

    def _told(self, name: str) -> str:
        box = self._seek(name)
        return box.name if box else name

    def _network(self, name: str) -> Addresses | None:
        return self._networks.get(name) or next((one for one in self._networks.values() if one.info.id == name), None)

    def _image(self, name: str) -> ImageInfo | None:
        return self.images.get(_tagged(name)) or next((one for one in self.images.values() if one.id == name), None)


def _tagged(name: str) -> str:
    last = name.rpartition("/")[2]
    return name if ":" in last or "@" in last else f"{name}:latest"


def _has(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(key in labels and (not value or labels[key] == value) for key, value in wanted.items())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _stamp(at: float) -> bytes:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}000Z ".encode()


def _unreachable() -> EngineError:
    return EngineError("cannot connect to the Docker daemon: is the Docker daemon running?", "start the engine")
