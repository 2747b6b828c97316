"""Volumes of the stack's own that the files describe otherwise now: they stay as they are, and so do their mounts.

Part of `changed.py`. A volume cannot be changed once it is made, and has data in it.
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
    """One of the stack's own that would be made otherwise now; `keys` are those that differ."""

    key: str
    name: str
    keys: tuple[str, ...]

    @property
    def stays(self) -> str:
        """That it stays as it is, and why."""
        return f"stays as it is: {', '.join(self.keys)} cannot change once it is made"

    @property
    def anew(self) -> str:
        """The commands that have it made anew."""
        return f"`stackferry down`, `docker volume rm {self.name}`, `stackferry up`"


def kept_volumes(present: Present, stack: DesiredStack) -> Iterator[KeptVolume]:
    """The volumes of the stack's own that differ from what its files say now."""
    for spec in used_volumes(stack):
        info = None if spec.external or spec.templated else present.volume(spec.name)
        if info is not None and is_own(info.labels, stack.name) and (keys := volume_differences(spec, info)):
            yield KeptVolume(spec.key, spec.name, keys)


def with_kept_volumes(
    services: Iterable[ServiceSpec], before: Mapping[str, ServiceSpec], volumes: Iterable[KeptVolume]
) -> tuple[ServiceSpec, ...]:
    """The services with mounts that say of these volumes what they said before: no task is replaced for nothing."""
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
