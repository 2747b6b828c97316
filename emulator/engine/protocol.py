"""The engine protocol: what the emulator asks of a container engine, and the values that come back. No Docker in here.

`docker.py` implements the protocol on a Docker Engine, `fake/engine.py` in memory with a virtual clock.
Bodies that describe containers and networks are the Engine API's JSON as plain dicts (`agent/create_request.py` makes
them). Every method may raise `EngineError`; removing something absent is no error. All methods are thread-safe.
Times are seconds since the epoch, 0.0 for never.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Protocol, TypeVar

from stackferry.emulator.engine.image import BuildOptions, Distribution, ImageInfo, Layer, Unable
from stackferry.emulator.engine.resources import NetworkInfo, VolumeInfo
from stackferry.emulator.engine.usage import Usage
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

Item_co = TypeVar("Item_co", covariant=True)


class EngineError(StackferryError):
    """The engine refused or failed. `status` is its HTTP code, 0 when it did not answer; `message` its own words."""

    def __init__(self, message: str, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint)
        self.message = message
        self.status = status


class EngineAwayError(EngineError):
    """No engine answered: the request is not to blame."""


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """The engine's version and properties. `memory` in bytes; `labels` are the daemon's (`engine.labels.*`).

    `swarm` is its swarm state (`inactive`, `active` …), `unlimited` lists what its kernel cannot limit, `root` is its
    data directory. Two daemons of a host may have the same `id` (20.10 keeps it in /etc/docker), but never the same
    `root`. `desktop`: it is Docker Desktop, in a virtual machine. `port_driver`: how a rootless engine publishes ports.
    """

    version: str
    api: str
    os: str
    arch: str
    cpus: int
    memory: int
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    swarm: str = ""
    rootless: bool = False
    unlimited: tuple[str, ...] = ()
    root: str = ""
    desktop: bool = False
    port_driver: str = ""

    @property
    def identity(self) -> str:
        """What identifies the daemon; empty if it does not report that."""
        return f"{self.id} {self.root}".rstrip() if self.id else ""


@dataclass(frozen=True, slots=True)
class ContainerInfo:
    """A container as it is now. `status`: created, running, paused, restarting, removing, exited or dead.

    `health`: starting, healthy, unhealthy, or empty without a check. `addresses` maps network names to IPv4 addresses,
    `addresses6` to IPv6 addresses where there are any; `ports` maps `80/tcp` to its bound (host IP, host port) pairs.
    `image_id`: what the image's name referred to at creation. `endpoints`: the networks that it is connected to, each
    with what was asked for (the API's EndpointSettings).
    """

    id: str
    name: str
    image: str
    labels: Mapping[str, str]
    status: str
    exit_code: int = 0
    error: str = ""
    oom_killed: bool = False
    health: str = ""
    started_at: float = 0.0
    finished_at: float = 0.0
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    pid: int = 0
    tty: bool = False
    image_id: str = ""
    endpoints: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def chosen_ports(self) -> dict[str, int]:
        """`80/tcp` to the first host port that it is bound to."""
        return {port: int(bound[0][1]) for port, bound in self.ports.items() if bound}

    @property
    def running(self) -> bool:
        """Whether it has a live process (a paused one has)."""
        return self.status in {"running", "paused", "restarting"}

    def __str__(self) -> str:
        health = f" ({self.health})" if self.health else ""
        ended = f" {self.exit_code}" if self.status in {"exited", "dead"} else ""
        return f"{self.name} {self.status}{ended}{health}"


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """An event of a container: `kind` is the engine's action (create, start, die, kill, oom, destroy …).

    A change of health has the kind `health` and the new state in `health`; events of a network are
    `network create|connect|disconnect|destroy`, of a volume `volume destroy`, with its name in `name`.
    `exit_code` comes with `die`.
    """

    kind: str
    container_id: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    exit_code: int | None = None
    health: str = ""
    at: float = 0.0

    def __str__(self) -> str:
        code = "" if self.exit_code is None else f" {self.exit_code}"
        return f"{self.at:.3f} {self.name} {self.kind}{code}{' ' if self.health else ''}{self.health}"


@dataclass(frozen=True, slots=True)
class ExecResult:
    """The output of a command inside a container. With a terminal, all of it is in `stdout`."""

    exit_code: int
    stdout: bytes = b""
    stderr: bytes = b""


class ItemStream(Protocol[Item_co]):
    """An iterator that may block; `close` ends it, from any thread."""

    def __iter__(self) -> Iterator[Item_co]: ...
    def __next__(self) -> Item_co: ...
    def close(self) -> None:
        """End the iteration; a thread that waits in it gets StopIteration."""


class Source(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """That many bytes; fewer at the end."""

    def close(self) -> None:
        """Close the stream."""


class ExecSession(Protocol):
    """A live connection to a process: of `attach` (the container's own) or `exec_stream`."""

    def read(self) -> tuple[str, bytes] | None:
        """Its next output, as (stdout or stderr, bytes); None at the end. Blocks."""

    def write(self, data: bytes) -> None:
        """Send to its standard input."""

    def end_input(self) -> None:
        """Close its standard input."""

    def resize(self, rows: int, columns: int) -> None:
        """Tell its terminal the new size."""

    def exit_code(self) -> int:
        """The exit code, once `read` has returned None."""

    def close(self) -> None:
        """Disconnect; the process goes on."""


class Engine(Protocol):
    """A container engine. `container` is an id or a name."""

    def version(self) -> EngineVersion:
        """The engine's version and properties, and those of its machine."""

    def close(self) -> None:
        """Close idle connections; the next call opens new ones."""

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Create a container, not started; returns its id. A taken name is status 409, a missing image 404."""

    def start(self, container: str) -> None:
        """Start it; no error if it runs."""

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """Send the stop signal (default: its own), SIGKILL after `grace` seconds; blocks until it has ended."""

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal; status 409 if it does not run."""

    def pause(self, container: str) -> None:
        """Pause its processes."""

    def unpause(self, container: str) -> None:
        """Unpause its processes."""

    def rename(self, container: str, name: str) -> None:
        """Rename it; status 409 if the name is taken."""

    def remove(self, container: str) -> None:
        """Remove it with its anonymous volumes, killing it if it runs."""

    def wait(self, container: str) -> int:
        """Block until it ends; returns the exit code. Waits also for a container that never started."""

    def inspect(self, container: str) -> ContainerInfo | None:
        """The container as it is now; None if there is none."""

    def containers(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """All containers with these labels, in any state. Slow on newer engines: for adoption, never for polling."""

    def running(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """The running containers, from a list: id, name, image, labels, status and ports only."""

    def events(self, since: float | None, labels: Mapping[str, str]) -> ItemStream[EngineEvent]:
        """The events from now on, or from `since` as far as the engine remembers (some 256 events).

        Raises EngineError with status 0 when the engine goes away. Labels select by the container's labels, which
        network events lack. A reader slower than the engine loses events.
        """

    def network_events(self, since: float | None) -> ItemStream[EngineEvent]:
        """The same of all networks (`network connect`, `disconnect`, `destroy`) and volumes (`volume destroy`)."""

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All networks with these labels."""

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Create a network; returns its id. A taken name is an error."""

    def remove_network(self, name: str) -> None:
        """Remove it; status 403 while containers are in it."""

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network; None if there is none."""

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Connect a container to a network; `endpoint` is the API's EndpointConfig."""

    def disconnect(self, network: str, container: str) -> None:
        """Disconnect it, even if it is running."""

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All volumes with these labels."""

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Create a volume; does nothing if one of that name and driver exists."""

    def remove_volume(self, name: str) -> None:
        """Remove it; status 409 while a container uses it."""

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume; None if there is none."""

    def image(self, name: str) -> ImageInfo | None:
        """A local image, by reference or id; None if there is none."""

    def pull(self, name: str, platform: str = "", progress: Callable[[Layer], None] | None = None) -> None:
        """Pull an image from its registry, with the credentials of `docker login`."""

    def distribution(self, name: str) -> Distribution:
        """What an image's registry has, asked with the credentials of `docker login`; nothing is pulled."""

    def tag(self, image: str, name: str) -> None:
        """Add a name to an image."""

    def push(self, name: str, progress: Callable[[Layer], None] | None = None) -> None:
        """Push an image to its registry, with the credentials of `docker login`."""

    def unable(self, options: BuildOptions) -> Unable | None:
        """Why an image cannot be built this way; None if it can."""

    def build(self, context: Path | str, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Build a directory or a URL; returns the id of the image. `progress` gets the builder's lines as they come."""

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Create an image of one layer from a tar; `changes` are Dockerfile instructions such as `CMD ["sh"]`."""

    def save(self, name: str) -> Source:
        """An image by its name, as the tar that `docker save` writes; the caller closes it."""

    def remove_image(self, name: str) -> None:
        """Remove the name, and the image with its last name."""

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
        """Run a command inside and wait for it. A command that cannot start gives code 126 or 127."""

    def exec_stream(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        workdir: str = "",
        env: Sequence[str] = (),
        tty: bool = False,
        privileged: bool = False,
        keys: str = "",
    ) -> ExecSession:
        """Run a command inside and stay connected to it. `keys`: the key sequence that detaches a terminal."""

    def attach(self, container: str, *, stdin: bool = True, keys: str = "") -> ExecSession:
        """Connect to the container's own process, which may not have started."""

    def put_archive(self, container: str, path: str, archive: Iterable[bytes]) -> None:
        """Unpack a tar, given in blocks, in a directory of the container, which need not run."""

    def is_directory(self, container: str, path: str) -> bool | None:
        """Whether a path of the container is a directory, or a link to one; None if it does not exist."""

    def get_archive(self, container: str, path: str) -> Source:
        """A file or directory of the container, as a tar."""

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
        details: bool = False,
    ) -> ItemStream[tuple[str, bytes]]:
        """Its output as (stdout or stderr, line without the newline).

        With `details`, a line is preceded by the labels and variables that the logging driver kept: `a=b,c=d `.
        """

    def stats(self, container: str) -> Usage:
        """Its current resource usage; at once, without a second sample."""

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Column titles and rows of its process table."""
