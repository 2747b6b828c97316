"""Our containers against those of the real `docker compose create`: `docker inspect` is equal, or we know why not.

Nothing is started. A container of ours is made as the agent makes it, in the networks that compose made.
"""

import re
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.agent.create_request import connections, creation
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.desired.stack import DesiredOptions, desired
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import EngineError
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Disk
from tests.conformance.peer import binary
from tests.conftest import ROOT
from tests.emulator.stacks import task_of

pytestmark = [pytest.mark.engine, pytest.mark.real, pytest.mark.slow]

FOLDER = ROOT / "fixtures" / "likeness"
SERVICES = re.findall(
    r"^  (\w+):", (FOLDER / "compose.yaml").read_text(encoding="utf-8").split("\nvolumes:")[0], re.MULTILINE
)

NEWER = {"volumes_image": 28, "health_start": 25, "networks_new": 28}
"""The engines that compose itself makes these on."""

_ACCESS = "compose forgets the access mode of volumes_from"
_INGRESS = "a port of the ingress is bound by the stack's gate, not by each task"
_OFF = "times of a check that is off say nothing"
KNOWN: Mapping[tuple[str, str], str] = {
    **{("volumes_from", f"Mounts./{target}.RW"): _ACCESS for target in "abcd"},
    ("volumes_from", "VolumesFrom"): _ACCESS,
    ("limits", "MemoryReservation"): "as in a swarm, reservations are arithmetic of the scheduler",
    ("health_off", "Healthcheck.Interval"): _OFF,
    **{("ports", f"PortBindings.{port}"): _INGRESS for port in ("80/tcp", "8000/tcp", "8001/tcp", "81/tcp", "82/udp")},
    ("on_host", "PortBindings.80/tcp"): _INGRESS,
    ("links", "Networks.default.Links"): "links are names on the network: containers come and go",
}
_FORGOTTEN = "compose forgets it on engines from v25 on, and compose 5 on those before"
ON_SOME = {
    **{(service, "MacAddress"): _FORGOTTEN for service in ("on_bridge", "on_outside", "networks")},
    ("volumes_bind", "Mounted./c.options"): "compose 2 forgets selinux where no folder is to be made",
}
"""Known on one engine or of one docker compose, alike on another."""
REFUSED = {"credentials": "as in a swarm: the engine refuses what compose does not pass on"}
"""Services of which we have no container, but compose."""


@dataclass
class Pair:
    """What `docker inspect` shows of both, by service, and why there is nothing to show (`errors`: of theirs)."""

    ours: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Side:
    """Both sides of one run; every name begins with `project`."""

    def __init__(self, engine: DockerEngine, image: str, home: Path) -> None:
        self.engine = engine
        self.project = f"sflike{uuid.uuid4().hex[:8]}"
        self.peer = f"{self.project}-peer"
        values = {"IMAGE": image, "PEER": self.peer, "X": "xval", "HOSTVAR": "hv"}
        # Without a PATH, which a service of the stack asks for in vain.
        self.environment = {
            **values,
            "HOME": str(home),
            "DOCKER_HOST": engine.host,
            "COMPOSE_PROJECT_NAME": self.project,
        }
        self.made: list[str] = []

    def compose(self, *words: str) -> str:
        command = [binary().path, "--project-directory", str(FOLDER), *words]
        done = subprocess.run(command, cwd=FOLDER, env=self.environment, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""

    def theirs(self, services: list[str], pair: Pair) -> None:
        """All at once; one that the engine refuses ends the command, so the rest go one by one."""
        waiting = services
        if self.compose("create", "--no-build", "--pull=never", *waiting):
            waiting = [name for name in services if name not in self._theirs()]
            for name in waiting:
                error = self.compose("create", "--no-build", "--pull=never", name)
                if error:
                    pair.errors[name] = error
        pair.theirs |= {name: self.inspect(container) for name, container in self._theirs().items()}

    def _theirs(self) -> dict[str, str]:
        found = self.engine.containers({"com.docker.compose.project": self.project})
        return {one.labels["com.docker.compose.service"]: one.id for one in found}

    def ours(self, services: list[str], pair: Pair) -> None:
        files = Disk(str(FOLDER))
        stack = load(Request(), files=files, environment=self.environment)
        for spec in desired(stack.project, files, options=DesiredOptions(origin=stack.origin)).services:
            key = spec.name.removeprefix(f"{self.project}_")
            container, (cluster, task) = spec.task.container, task_of(spec)
            assert isinstance(container, ContainerSpec)
            if key in services:
                made = creation(
                    *(cluster, task),
                    stack=self.project,
                    path_of=lambda file: str(FOLDER / "content.txt"),
                    container_of=lambda name: pair.theirs[name.removeprefix(f"{self.project}_")]["Id"],
                )
                try:
                    found = self.engine.create(f"{self.project}-ours-{key}", made.body, made.platform)
                    self.made.append(found)
                    for network, leg in connections(cluster, task):
                        self.engine.connect(network, found, leg)
                    pair.ours[key] = self.inspect(found)
                except EngineError as error:
                    pair.refused[key] = error.message

    def inspect(self, container: str) -> Any:
        return self.engine.json("GET", f"/containers/{container}/json")

    def close(self) -> None:
        for container in (*self.made, self.peer):
            self.engine.remove(container)
        for container in self._theirs().values():
            self.engine.remove(container)
        self.compose("down", "--volumes", "--timeout=0")
        self.engine.remove_network(self.peer)
        self.engine.remove_volume(self.peer)


@pytest.fixture(scope="module")
def pair(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    side, found = Side(engine, image, tmp_path_factory.mktemp("home")), Pair()
    try:
        engine.create_network(side.peer, {"Driver": "bridge"})
        engine.create_volume(side.peer, "local", {}, {})
        engine.create(side.peer, {"Image": image, "Volumes": {"/of-peer": {}}})
        services = [name for name in SERVICES if _version(engine) >= NEWER.get(name, 0)]
        side.theirs(services, found)
        side.ours(services, found)
        yield found
    finally:
        side.close()


def _version(engine: DockerEngine) -> int:
    return int(engine.version().version.partition(".")[0])


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_as_compose_makes_it(service: str, pair: Pair, engine: DockerEngine) -> None:
    if _version(engine) < NEWER.get(service, 0):
        pytest.skip(f"compose makes it on engines from v{NEWER[service]} on")
    if service in pair.refused or service in pair.errors:
        # What the engine refuses of compose's it refuses of ours, in the same words, but for what is known.
        assert service not in pair.ours, pair.errors
        assert (service in pair.theirs) == (service in REFUSED), pair.refused
        assert pair.refused[service] in pair.errors.get(service, pair.refused[service])
        return
    ours, theirs = seen(pair.ours[service]), seen(pair.theirs[service])
    different = {path: (ours.get(path), theirs.get(path)) for path in {*ours, *theirs}}
    different = {path: both for path, both in different.items() if both[0] != both[1]}

    known = {path for one, path in KNOWN if one == service}
    assert {
        path: both for path, both in different.items() if path not in known and (service, path) not in ON_SOME
    } == {}
    assert known <= set(different), "no longer different"


def seen(container: Any) -> dict[str, object]:
    """What matters of a container, as path to value; what is empty is not there."""
    config, host = container["Config"], container["HostConfig"]
    legs = container["NetworkSettings"]["Networks"]
    project = re.sub(r"\W", "", container["Name"]).partition("sflike")[2][:8]
    tree = {
        **{key: value for key, value in config.items() if key not in _OF_THE_TOOL},
        **{key: value for key, value in host.items() if key not in _OF_THE_TOOL},
        "ExposedPorts": {port if "/" in port else f"{port}/tcp" for port in config.get("ExposedPorts") or ()},
        "Hostname": re.sub("^[0-9a-f]{12}$", "<id>", config["Hostname"]),
        "MacAddress": config.get("MacAddress") or next((leg["MacAddress"] for leg in legs.values()), ""),
        "Env": sorted(config["Env"] or ()),
        "Labels": {key: value for key, value in config["Labels"].items() if not key.startswith(_LABELS)},
        "StopTimeout": 10 if config.get("StopTimeout") is None else config["StopTimeout"],
        "SecurityOpt": [re.sub(r"^([\w-]+):", r"\1=", one) for one in host["SecurityOpt"] or ()],
        "ExtraHosts": sorted(host["ExtraHosts"] or ()),
        "Ulimits": {one["Name"]: one for one in host["Ulimits"] or ()},
        "DeviceRequests": [_said(one) for one in host["DeviceRequests"] or ()],
        **{key: sorted(one.upper().removeprefix("CAP_") for one in host[key] or ()) for key in ("CapAdd", "CapDrop")},
        "Mounts": {one["Destination"]: {key: one.get(key) for key in _OF_A_MOUNT} for one in container["Mounts"]},
        "Mounted": _mounted(host),
        "Networks": {
            name.removeprefix(f"sflike{project}_"): {key: leg.get(key) for key in _OF_A_LEG}
            for name, leg in legs.items()
        },
    }
    return {path: value for path, value in _flat(tree) if value not in (None, "", [], {}, set(), False)}


_LABELS = ("com.docker.", "io.stackferry.")
_OF_THE_TOOL = ("AttachStdout", "AttachStderr", "RestartPolicy", "Binds", "Mounts")
"""Not compared: tasks restart in their own way. Of mounts it is what they come to, whatever form they were asked in."""
_OF_A_MOUNT = ("Type", "Name", "Source", "Driver", "RW", "Propagation")
_OF_A_LEG = ("IPAMConfig", "Links", "DriverOpts", "GwPriority")


def _said(request: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in request.items() if value}


def _mounted(host: Any) -> dict[str, object]:
    """By target, what `Mounts` does not show: of both forms in which the engine takes mounts."""
    found: dict[str, object] = {}
    for bind in host["Binds"] or ():
        source, target, *options = bind.split(":")
        words = {word for option in options for word in option.split(",")}
        # The newer form labels volumes with z without being told.
        labels = words & ({"z", "Z"} if source.startswith("/") else {"Z"})
        found[target] = {"options": sorted(labels), "NoCopy": "nocopy" in words}
    for mount in host.get("Mounts") or ():
        options = {**mount.get("TmpfsOptions", {}), **mount.get("ImageOptions", {})}
        options |= {key: mount.get("VolumeOptions", {}).get(key) for key in ("NoCopy", "Subpath")}
        options |= {
            key: mount.get("BindOptions", {}).get(key)
            for key in ("NonRecursive", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive")
        }
        found[mount["Target"]] = options
    return found


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    else:
        # Anonymous volumes have names of their own.
        yield path, re.sub("[0-9a-f]{64}", "<id>", value) if isinstance(value, str) and "Mode" not in path else value
