"""Mounts of services and the volumes behind them, in the engine's terms.

Part of `stack.py`. As in a swarm, every volume mount carries the volume's driver and labels, so that a volume
with a template in its name is created with the task that needs it.
"""

from collections.abc import Mapping
from dataclasses import field, replace

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.templating import checked
from stackferry.emulator.engine.resources import VolumeInfo
from stackferry.grammar.compose.model.attachments import BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass

_SOCKET = "/var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """One volume by its engine `name`. For an external volume, only its existence is checked.

    `templated`: the name holds a template, so only the tasks know which volumes exist.
    """

    key: str
    name: str
    external: bool = False
    driver: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    templated: bool = False


def volume_differences(spec: VolumeSpec, info: VolumeInfo) -> tuple[str, ...]:
    """The keys in which an existing volume differs from the one that would be created now."""
    of_the_stack = (labels.NAMESPACE, labels.STACK)
    old, new = (
        {
            "driver": driver or "local",
            **{f"driver_opts.{key}": value for key, value in options.items()},
            **{f"labels.{key}": value for key, value in found.items() if key not in of_the_stack},
        }
        for driver, options, found in (
            (info.driver, info.options, info.labels),
            (spec.driver, spec.options, spec.labels),
        )
    )
    return tuple(key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key))


def volume_specs(project: Project) -> tuple[VolumeSpec, ...]:
    """The named volumes that enabled services mount."""
    used = {
        mount.source for service in project.services.values() for mount in service.volumes if mount.type == "volume"
    }
    return tuple(_volume(key, project) for key in project.volumes if key in used)


def _volume(key: str, project: Project) -> VolumeSpec:
    entry = project.volumes[key]
    name = entry.name or f"{project.name}_{key}"
    if entry.external:
        return VolumeSpec(key, name, external=True)
    return VolumeSpec(
        key,
        name,
        driver=entry.driver or "",
        options=dict(entry.driver_opts),
        labels={**entry.labels, **labels.of_stack(project.name)},
        templated="{{" in name,
    )


def mounts(
    service: Service, project: Project, service_labels: Mapping[str, str], findings: Findings
) -> tuple[MountSpec, ...]:
    """The mounts of a service, in the order of the file. `service_labels` are what templates see."""
    found = []
    for index, mount in enumerate(service.volumes):
        path: Path = ("services", service.name, "volumes", index)
        made = _mount(mount, project, path, findings)
        source = checked(made.source, (*path, "source"), service_labels, findings)
        target = checked(made.target, (*path, "target"), service_labels, findings)
        found.append(replace(made, source=source, target=target))
    if service.use_api_socket:
        found.append(MountSpec("bind", _SOCKET, _SOCKET))
    return tuple(found)


def _mount(mount: Mount, project: Project, path: Path, findings: Findings) -> MountSpec:
    named = (mount.source or "") if mount.type == "volume" else ""
    behind = _volume(named, project) if named in project.volumes else None
    if mount.type == "cluster":
        findings.refuse((*path, "type"), "cluster-volume", "cluster volumes are not supported", "use type: volume")
    # A swarm requires the folder to exist; docker compose creates it, unless a `bind` section does not ask for that.
    is_made = (mount.bind is None or mount.bind.create_host_path) and not findings.strict
    return mount_spec(mount, behind, is_made=is_made)


def mount_spec(mount: Mount, behind: VolumeSpec | None, *, is_made: bool) -> MountSpec:
    """A mount in the engine's terms. `behind`: the stack's volume it mounts. `is_made`: create a missing folder."""
    bind, volume = mount.bind or BindOptions(), mount.volume or VolumeOptions()
    tmpfs, image = mount.tmpfs or TmpfsOptions(), mount.image or ImageOptions()
    own = behind is not None and not behind.external
    return MountSpec(
        mount.type,
        mount.target,
        behind.name if behind else mount.source or "",
        read_only=mount.read_only,
        propagation=bind.propagation or "",
        create_host_path=is_made and mount.type == "bind",
        nocopy=volume.nocopy,
        subpath=volume.subpath or image.subpath or "",
        tmpfs_size=int(tmpfs.size or 0),
        tmpfs_mode=tmpfs.mode or 0,
        labels={**volume.labels, **(behind.labels if behind and own else {})},
        driver=behind.driver if behind and own else "",
        driver_opts=behind.options if behind and own else {},
        selinux=bind.selinux or "",
        recursive=bind.recursive or "",
    )
