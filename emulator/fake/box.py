"""A container of the fake engine: its record, and the relevant parts of its body. Changed by `engine.py` only."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.streams import FedStream
from stackferry.grammar.lazy_dataclass import dataclass

Body = Mapping[str, Any]

BEHAVIOUR_LABEL, BEHAVIOUR_VARIABLE = "io.stackferry.behaviour", "STACKFERRY_BEHAVIOUR"
_STOPPING = {"TERM", "INT", "QUIT", "15", "2", "3"}


@dataclass(slots=True)
class Box:
    """A container. `run` counts its starts, so that what was scheduled for an earlier run does not happen."""

    id: str
    name: str
    body: Body
    behaviour: Behaviour
    labels: Mapping[str, str]
    legs: dict[str, Mapping[str, Any]]
    status: str = "created"
    exit_code: int = 0
    error: str = ""
    image_id: str = ""
    health: str = ""
    started_at: float = 0.0
    finished_at: float = 0.0
    addresses: dict[str, str] = field(default_factory=dict)
    ports: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    run: int = 0
    stopping: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    said: list[tuple[float, str, bytes]] = field(default_factory=list)
    listeners: list[FedStream[tuple[str, bytes]]] = field(default_factory=list)
    waiting: list[Callable[[int], None]] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Whether it has a running process."""
        return self.status in {"running", "paused"}

    @property
    def checked(self) -> bool:
        """Whether it has a health check."""
        test: list[str] = list((self.body.get("Healthcheck") or {}).get("Test") or ())
        return bool(self.behaviour.health) or (bool(test) and test[0] != "NONE")

    def heeds(self, signal: str) -> bool:
        """Whether a signal is one that makes it end."""
        own = str(self.body.get("StopSignal") or "TERM")
        return signal.removeprefix("SIG") in {*_STOPPING, own.removeprefix("SIG")}

    def info(self) -> ContainerInfo:
        """The container as `inspect` shows it."""
        return ContainerInfo(
            id=self.id,
            name=self.name,
            image=str(self.body.get("Image", "")),
            labels=self.labels,
            status=self.status,
            exit_code=self.exit_code,
            error=self.error,
            health=self.health,
            started_at=self.started_at,
            finished_at=self.finished_at,
            addresses=dict(self.addresses),
            ports=dict(self.ports),
            pid=1000 + self.run if self.running else 0,
            tty=bool(self.body.get("Tty", False)),
            image_id=self.image_id,
            endpoints={
                name: dict(asked) for name, asked in self.legs.items() if not self.running or name in self.addresses
            },
        )


def behaviour_of(body: Body, table: Mapping[str, Behaviour]) -> Behaviour:
    """The behaviour for the body's label, variable or image, else for the empty name, else the default."""
    variables = dict(str(entry).partition("=")[::2] for entry in body.get("Env") or ())
    keys = ((body.get("Labels") or {}).get(BEHAVIOUR_LABEL), variables.get(BEHAVIOUR_VARIABLE), body.get("Image"), "")
    return next((table[str(key)] for key in keys if key in table), Behaviour())


def legs_of(body: Body) -> dict[str, Mapping[str, Any]]:
    """The networks that a body asks for, with their endpoints."""
    mode = str((body.get("HostConfig") or {}).get("NetworkMode") or "default")
    endpoints = {
        name: end or {} for name, end in ((body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}).items()
    }
    if mode in {"host", "none"} or mode.startswith("container:"):
        return {}
    first = "bridge" if mode == "default" else mode
    if mode == "default" and endpoints:
        return endpoints
    return {first: {}, **endpoints}


def mounts_of(body: Body) -> tuple[list[str], list[str]]:
    """The host paths that must exist, and the names of volumes."""
    host = body.get("HostConfig") or {}
    mounts = host.get("Mounts") or ()
    paths = [str(one["Source"]) for one in mounts if one["Type"] == "bind" and not _makes(one)]
    volumes = [str(one["Source"]) for one in mounts if one["Type"] == "volume" and one.get("Source")]
    for bind in host.get("Binds") or ():
        source = str(bind).partition(":")[0]
        if source and not source.startswith(("/", ".", "~")):
            volumes.append(source)
    return paths, volumes


def _makes(mount: Mapping[str, Any]) -> bool:
    return bool((mount.get("BindOptions") or {}).get("CreateMountpoint"))
