"""What must exist before a container: its image, networks and volumes, and the files of its secrets and configs.

`executor.py` calls it to prepare a task, from several threads at once: what several tasks need is created once.
Networks and volumes are created as the stack's record says (`control/deployment.py`); a network that the record
calls outdated is replaced.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial

from stackferry.emulator.agent.network_swap import swap_network
from stackferry.emulator.agent.secret_files import SecretFiles
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.desired.payloads import payload_key
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.store.store import Store
from stackferry.emulator.webnet.network import has_network, make_network, remove_network
from stackferry.emulator.webnet.network_changes import differences
from stackferry.grammar.diagnostics import StackferryError

log = logging.getLogger("stackferry.manager")


class Provision:
    """For one stack. `store` is a connection that only this object uses.

    `replacing` is entered while a network is replaced; `connected` is called with containers connected to the new one.
    """

    def __init__(self, engine: Engine, store: Store, materials: SecretFiles, stack: str) -> None:
        self.replacing: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext()
        self.connected: Callable[[ContainerInfo], None] = lambda _: None
        self.engine = engine
        self.stack = stack
        self._store = store
        self._materials = materials
        self._lock = threading.Lock()
        self._known: set[tuple[str, str]] = set()
        self._replaced: set[str] = set()
        self._locks: dict[tuple[str, str], threading.Lock] = {}

    def record(self) -> StackRecord:
        """What the stack was last deployed with."""
        with self._lock:
            found = self._store.document("stack", StackRecord)
        return found if isinstance(found, StackRecord) else StackRecord(self.stack)

    def everything(self, cluster: Cluster, task: Task, container: ContainerSpec) -> Mapping[str, str]:
        """Provide all that a task's container needs; returns the paths of its files (`files`)."""
        self.image(container)
        self.networks(container)
        self.volumes(container)
        return self.files(cluster, task)

    def image(self, container: ContainerSpec) -> None:
        """Provide the image: pull it if the policy says so or the engine lacks it."""
        policy = container.pull_policy
        there = self._has_image(container.image)
        if there and policy not in ("always", "refresh"):
            return
        if not there and policy == "never":
            raise EngineError(f"No such image: {container.image}")
        try:
            self.engine.pull(container.image, container.platform)
        except EngineError as error:
            # As in a swarm, a local image will do if the registry cannot be reached.
            if not there:
                raise EngineError(f"No such image: {container.image}", error.hint) from error

    def _has_image(self, name: str) -> bool:
        """Whether the engine has the image. Many tasks of one service ask at once: only one of them looks."""
        key = ("image", name)
        with self._lock_of(key):
            if key not in self._known and self.engine.image(name) is not None:
                self._known.add(key)
            return key in self._known

    def lost_image(self, container: ContainerSpec) -> bool:
        """Note that the engine lacks the image; returns whether we thought it had it, so that a retry makes sense."""
        key = ("image", container.image)
        if key not in self._known:
            return False
        self._known.discard(key)
        return True

    def networks(self, container: ContainerSpec) -> None:
        """Provide the networks of the container."""
        wanted = [leg.network for leg in container.networks]
        if wanted and not self._replaced.issuperset(self.record().outdated):
            self._look_again("network", wanted)
        self._once("network", wanted, self._make_network)

    def have_network(self, name: str) -> None:
        """Recreate a network that was or may have been removed."""
        self._look_again("network", [name])
        self._once("network", [name], self._make_network)

    def lost(self, kind: str, name: str) -> None:
        """Note that somebody removed a network or a volume."""
        if (kind, name) in self._known:
            log.warning("%s %s was removed: it will be created again for the next task that needs it", kind, name)
        self._look_again(kind, [name])

    def _look_again(self, kind: str, names: list[str]) -> None:
        with self._lock:
            self._known -= {(kind, name) for name in names}

    def _make_network(self, name: str) -> None:
        record = self.record()
        spec = next((one for one in record.networks if one.name == name), None)
        if spec is None or spec.external:
            if self.engine.inspect_network(name) is None:
                raise StackferryError(f"network {name} not found", f"create it: docker network create {name}")
            return
        if not has_network(self.engine, self.stack, name, spec.key):
            self._made(spec, record.networks)
            return
        if not record.outdated:
            return
        there = self.engine.inspect_network(name)
        if there is not None and there.id in record.outdated:
            moves = any(one.key == "ipam.config" for one in differences(spec, there))
            self._replace(there, partial(self._made, spec, record.networks, moves=moves))

    def _made(self, spec: NetworkSpec, others: tuple[NetworkSpec, ...], *, moves: bool = False) -> None:
        """Create it; with its former subnet, unless it `moves`."""
        with self._lock:
            cluster = self._store.load()
        tasks = [one for one in cluster.tasks.values() if not one.ended and not moves]
        near = [one.addresses.get(spec.name) or one.cut.get(spec.name, "") for one in tasks]
        make_network(self.engine, spec, cluster.services, others, near=near)

    def _replace(self, there: NetworkInfo, make: Callable[[], None]) -> None:
        with self.replacing(there.name):
            inside = swap_network(self.engine, self.stack, there, make)
            self._replaced.add(there.id)
            # Before gates are recreated: they use the addresses of tasks.
            for info in inside:
                now = self.engine.inspect(info.id)
                if now is not None and now.running:
                    self.connected(now)

    def volumes(self, container: ContainerSpec) -> None:
        """Create the named volumes that the stack declares. The engine creates templated ones with the container."""
        self._once("volume", [mount.source for mount in container.mounts if mount.type == "volume"], self._make_volume)

    def _make_volume(self, name: str) -> None:
        spec = next((one for one in self.record().volumes if one.name == name), None)
        if spec is None or spec.templated:
            return
        if self.engine.inspect_volume(name) is not None:
            # Whoever created it: the user wants its data.
            return
        if spec.external:
            raise StackferryError(f"external volume {name!r} not found", f"create it: docker volume create {name}")
        self.engine.create_volume(name, spec.driver, spec.options, spec.labels)

    def _lock_of(self, key: tuple[str, str]) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _once(self, kind: str, names: list[str], make: Callable[[str], None]) -> None:
        for name in names:
            key = (kind, name)
            with self._lock_of(key):
                if name and key not in self._known:
                    make(name)
                    self._known.add(key)

    def files(self, cluster: Cluster, task: Task) -> Mapping[str, str]:
        """The files of secrets and configs: target in the container to path on the host."""
        if task.template.container is None or not task.template.container.files:
            return {}
        return self._materials.make(cluster, task, self._payload)

    def _payload(self, kind: str, name: str, digest: str) -> bytes:
        with self._lock:
            content = self._store.payload(payload_key(kind, name, digest))
        if content is None:
            raise StackferryError(f"{kind} not found: {name}", "deploy the stack again")
        return content

    def forget(self, task_id: str) -> None:
        """Remove the files of a task that is gone."""
        self._materials.remove(task_id)

    def unknow(self) -> None:
        """Check again which images, networks and volumes exist: the engine restarted, or somebody removed one."""
        with self._lock:
            self._known.clear()

    def clear(self) -> None:
        """Remove the stack's own unused networks, and what is left of its files."""
        for spec in self.record().networks:
            if not spec.external:
                with suppress(EngineError):
                    remove_network(self.engine, self.stack, spec.name)
        self.unknow()
        self._materials.clear()
