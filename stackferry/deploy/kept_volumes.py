"""Volumes of the stack that the files now describe differently: they and their mounts stay as they are.

Part of `changed.py`. An engine cannot change an existing volume, and the volume has data in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from stackferry.deploy.present import Present
from stackferry.deploy.surroundings import used_volumes
from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.cluster.ownership import is_own
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import volume_differences
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class KeptVolume:
    """A volume of the stack that would now be created differently; `keys` are the keys that differ."""

    key: str
    name: str
    keys: tuple[str, ...]

    @property
    def stays(self) -> str:
        """The message that the volume stays as it is, and why."""
        return f"not changed: {', '.join(self.keys)} cannot be changed once the volume exists"

    @property
    def anew(self) -> str:
        """The commands that recreate the volume."""
        return f"`stackferry down`, `docker volume rm {self.name}`, `stackferry up`"


def kept_volumes(present: Present, stack: DesiredStack) -> Iterator[KeptVolume]:
    """The stack's volumes that differ from its files."""
    for spec in used_volumes(stack):
        info = None if spec.external or spec.templated else present.volume(spec.name)
        if info is not None and is_own(info.labels, stack.name) and (keys := volume_differences(spec, info)):
            yield KeptVolume(spec.key, spec.name, keys)


def with_kept_volumes(
    services: Iterable[ServiceSpec], before: Mapping[str, ServiceSpec], volumes: Iterable[KeptVolume]
) -> tuple[ServiceSpec, ...]:
    """The services with the previous mounts of these volumes, so that no task is replaced without need."""
    names = {one.name for one in volumes}
    return tuple(_with_kept(spec, before.get(spec.name), names) if names else spec for spec in services)


def _with_kept(spec: ServiceSpec, before: ServiceSpec | None, names: set[str]) -> ServiceSpec:
    container, old = spec.task.container, before.task.container if before else None
    if container is None or old is None:
        return spec
    said = {one.source: one for one in old.mounts if one.type == "volume" and one.source in names}
    mounts = tuple(_as_it_was(one, said.get(one.source)) if one.type == "volume" else one for one in container.mounts)
    return replace(spec, task=replace(spec.task, container=replace(container, mounts=mounts)))


def _as_it_was(mount: MountSpec, old: MountSpec | None) -> MountSpec:
    if old is None:
        return mount
    return replace(mount, driver=old.driver, driver_opts=old.driver_opts, labels=old.labels)
