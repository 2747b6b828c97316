"""The engine protocol: what the emulator asks of a container engine, and the values that come back. No Docker in here.

`docker.py` implements the protocol over the Docker SDK, `fake/engine.py` in memory with a virtual clock.
Bodies that describe containers and networks are the Engine API's JSON as plain dicts (`agent/create_request.py` makes
them). Every method may raise `EngineError`; a removal of what is absent is no error. All methods may be
called from several threads at once. Times are seconds since the epoch, 0.0 for never.
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
    """There was no engine to say anything: no fault of what was asked for."""


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """What engine answers. `memory` in bytes; `labels` are those of the daemon (`engine.labels.*` of constraints).

    `swarm` is its node's state there (`inactive`, `active` …), `unlimited` what its kernel cannot limit, `root` the
    directory of its data. Two daemons of a host may have one `id` (20.10 keeps it in /etc/docker), never one `root`.
    `desktop`: it is Docker Desktop, in a machine of its own. `port_driver`: how an engine without root publishes ports.
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
        """What no other daemon has; empty if it does not say."""
        return f"{self.id} {self.root}".rstrip() if self.id else ""


@dataclass(frozen=True, slots=True)
class ContainerInfo:
    """A container as it is now. `status`: created, running, paused, restarting, removing, exited or dead.

    `health`: starting, healthy, unhealthy, or empty without a check. `addresses` maps network names to
    IPv4 addresses, `addresses6` those with IPv6 to such ones; `ports` maps `80/tcp` to the (host IP, host port)
    pairs that are bound. `image_id`: what the image's name meant when it was made. `endpoints`: the networks that it
    has legs in, each with what was asked of it (the API's EndpointSettings).
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
        """`80/tcp` to the first port of the host that it is bound to."""
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
    """Something happened to a container: `kind` is the engine's action (create, start, die, kill, oom, destroy …).

    A change of health has the kind `health` and the new state in `health`; what happens to a network has
    `network create|connect|disconnect|destroy`, to a volume `volume destroy`, and `name` is the network's or the
    volume's. `exit_code` comes with `die`.
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
    """What a command inside a container said. With a terminal all of it is in `stdout`."""

    exit_code: int
    stdout: bytes = b""
    stderr: bytes = b""


class ItemStream(Protocol[Item_co]):
    """An iterator that may block; `close` ends it, from any thread."""

    def __iter__(self) -> Iterator[Item_co]: ...
    def __next__(self) -> Item_co: ...
    def close(self) -> None:
        """End the iteration; whoever waits in it gets StopIteration."""


class Source(Protocol):
    """Bytes that are still on their way."""

    def read(self, size: int, /) -> bytes:
        """So many; fewer at the end."""

    def close(self) -> None:
        """Let go of it."""


class ExecSession(Protocol):
    """A live connection to a process: of `attach` (the container's own) or `exec_stream`."""

    def read(self) -> tuple[str, bytes] | None:
        """What it says next, as (stdout or stderr, bytes); None at the end. Blocks."""

    def write(self, data: bytes) -> None:
        """Send to its standard input."""

    def end_input(self) -> None:
        """Close its standard input."""

    def resize(self, rows: int, columns: int) -> None:
        """Tell its terminal the new size."""

    def exit_code(self) -> int:
        """The exit code, once `read` has given None."""

    def close(self) -> None:
        """Let go of it; the process goes on."""


class Engine(Protocol):
    """A container engine. `container` is an id or a name."""

    def version(self) -> EngineVersion:
        """What engine answers, and on what machine."""

    def close(self) -> None:
        """Give the connections back; the next call opens new ones."""

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Make a container that does not run yet; gives its id. A taken name is status 409, no image 404."""

    def start(self, container: str) -> None:
        """Start it; no error if it runs."""

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """Send the stop signal (its own when none is given), SIGKILL after `grace` seconds; blocks until it ended."""

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal; status 409 if it does not run."""

    def pause(self, container: str) -> None:
        """Freeze its processes."""

    def unpause(self, container: str) -> None:
        """Let its processes go on."""

    def rename(self, container: str, name: str) -> None:
        """Give it another name; status 409 if that is taken."""

    def remove(self, container: str) -> None:
        """Remove it with its anonymous volumes, killing it if it runs."""

    def wait(self, container: str) -> int:
        """Block until it ends; gives the exit code. One that never started is waited for, too."""

    def inspect(self, container: str) -> ContainerInfo | None:
        """The container as it is now; None if there is none."""

    def containers(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """All with these labels, whatever their state. Slow on new engines: for adoption, never for polling."""

    def running(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """Those that run, with no look at each: id, name, image, labels, status and ports alone."""

    def events(self, since: float | None, labels: Mapping[str, str]) -> ItemStream[EngineEvent]:
        """What happens from now on, or from `since` as far as the engine remembers (some 256 events).

        Raises EngineError with status 0 when the engine goes away. Labels select by those of the
        container, and no network's event has them. A reader slower than the engine loses events.
        """

    def network_events(self, since: float | None) -> ItemStream[EngineEvent]:
        """The same of all networks (`network connect`, `disconnect`, `destroy`) and volumes (`volume destroy`)."""

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All with these labels."""

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Make a network; gives its id. A taken name is an error."""

    def remove_network(self, name: str) -> None:
        """Remove it; status 403 while containers are in it."""

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network; None if there is none."""

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Give a container a leg in a network; `endpoint` is the API's EndpointConfig."""

    def disconnect(self, network: str, container: str) -> None:
        """Take that leg away, also from a running container."""

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All with these labels."""

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Make a volume; nothing happens if there is one of that name and driver."""

    def remove_volume(self, name: str) -> None:
        """Remove it; status 409 while a container uses it."""

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume; None if there is none."""

    def image(self, name: str) -> ImageInfo | None:
        """An image that is here, by reference or id; None if it is not."""

    def pull(self, name: str, platform: str = "", progress: Callable[[Layer], None] | None = None) -> None:
        """Fetch an image from its registry, with the credentials of `docker login`."""

    def distribution(self, name: str) -> Distribution:
        """Ask an image's registry for it, with the credentials of `docker login`; nothing is fetched."""

    def tag(self, image: str, name: str) -> None:
        """Give an image one more name."""

    def push(self, name: str, progress: Callable[[Layer], None] | None = None) -> None:
        """Send an image to its registry, with the credentials of `docker login`."""

    def unable(self, options: BuildOptions) -> Unable | None:
        """Why an image cannot be built so; None if it can be."""

    def build(self, context: Path | str, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Build a directory or a URL into an image; gives its id. `progress` gets the builder's lines as they come."""

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Make an image of one layer from a tar; `changes` are Dockerfile instructions such as `CMD ["sh"]`."""

    def save(self, name: str) -> Source:
        """An image by its name, as the tar that `docker save` writes; whoever reads it closes it."""

    def remove_image(self, name: str) -> None:
        """Take the name away, and the image with its last name."""

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
        """Run a command inside and stay connected to it. `keys`: at which the engine lets go of a terminal."""

    def attach(self, container: str, *, stdin: bool = True, keys: str = "") -> ExecSession:
        """Connect to the container's own process, which may not have started."""

    def put_archive(self, container: str, path: str, archive: Iterable[bytes]) -> None:
        """Unpack a tar, which comes in blocks, in a directory of the container, which need not run."""

    def is_directory(self, container: str, path: str) -> bool | None:
        """Whether a path of the container is a directory, also by a link; None if nothing is there."""

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

        With `details`, what the logging driver kept of labels and variables stands before a line: `a=b,c=d `.
        """

    def stats(self, container: str) -> Usage:
        """What it uses at this moment; at once, without a second sample."""

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Titles and rows of its process table."""
