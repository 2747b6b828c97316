"""The paths of the host that a service mounts: bind mounts, and volumes that are bind mounts by their driver options.

`driver_opts: {type: none, o: bind, device: /srv/data}` is how people name a folder of the host.
"""

from collections.abc import Iterator
from dataclasses import replace

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Volume


def bound_device(volume: Volume) -> str | None:
    """The path of the host that the volume stands for; None if it stands for none."""
    options = volume.driver_opts
    if not options:
        return None
    flags = [flag.strip() for flag in options.get("o", "").split(",")]
    device = options.get("device", "")
    local = volume.driver in (None, "local") and not volume.external
    return device if local and device.startswith("/") and ("bind" in flags or "rbind" in flags) else None


def leads_out(subpath: str | None) -> bool:
    """Whether a path below a volume's root leads out of the volume, which Kubernetes refuses."""
    return subpath is not None and (subpath.startswith("/") or ".." in subpath.split("/"))


def as_bind(mount: Mount, project: Project) -> Mount | None:
    """The mount as a bind mount; None if its source is not a path of the host."""
    if mount.type == "bind":
        return mount if mount.source else None
    volume = project.volumes.get(mount.source or "") if mount.type == "volume" else None
    device = bound_device(volume) if volume is not None else None
    if device is None:
        return None
    below = mount.volume.subpath if mount.volume else None
    if leads_out(below):
        return None
    return replace(mount, type="bind", source=f"{device.rstrip('/')}/{below}" if below else device)


def host_mounts(project: Project) -> Iterator[tuple[Service, Mount]]:
    """Every mount of a path of the host, as a bind mount, in the order of the file."""
    for service in project.services.values():
        for mount in (*service.volumes, *(mount for before in service.pre_start for mount in before.volumes)):
            bind = as_bind(mount, project)
            if bind is not None:
                yield service, bind
