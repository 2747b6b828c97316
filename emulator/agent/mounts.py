"""The mounts of a container as the engine's API takes them, with templates expanded. Part of `create_request.py`."""

from collections.abc import Callable, Mapping
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec, MountSpec
from stackferry.grammar.swarm_template import expand

Body = dict[str, object]


def binds(spec: ContainerSpec, data: Mapping[str, Any]) -> list[str]:
    """Mounts that need the older form: folders to be created if missing, and SELinux labels."""
    return [_bind(mount, data) for mount in spec.mounts if _is_old_form(mount)]


def mount_bodies(spec: ContainerSpec, data: Mapping[str, Any]) -> list[Body]:
    """All other mounts."""
    return [_mount(mount, data) for mount in spec.mounts if not _is_old_form(mount)]


def _is_old_form(mount: MountSpec) -> bool:
    return _needs_old_form(mount) and _is_sayable(mount)


def _needs_old_form(mount: MountSpec) -> bool:
    if mount.type == "volume":
        # The newer form labels volumes with z.
        return mount.selinux == "Z" and bool(mount.source)
    return mount.type == "bind" and (mount.create_host_path or bool(mount.selinux))


def _is_sayable(mount: MountSpec) -> bool:
    """Whether the older form allows it: colons separate its parts, and it has neither `recursive` nor `subpath`."""
    paths = mount.source + mount.target
    return ":" not in paths and "{{" not in paths and not mount.recursive and not mount.subpath


def _bind(mount: MountSpec, data: Mapping[str, Any]) -> str:
    words = ("ro" if mount.read_only else "rw", mount.selinux, mount.propagation, "nocopy" if mount.nocopy else "")
    options = filter(None, words)
    return f"{mount.source}:{mount.target}:{','.join(options)}"


def _mount(mount: MountSpec, data: Mapping[str, Any]) -> Body:
    body: Body = {
        "Type": mount.type,
        "Source": expand(mount.source, data),
        "Target": expand(mount.target, data),
        "ReadOnly": mount.read_only,
    }
    options = _OPTIONS.get(mount.type)
    if options:
        name, make = options
        body[name] = _set(make(mount, data))
    return {key: value for key, value in body.items() if value or key == "Target"}


def _set(body: Body) -> Body:
    return {key: value for key, value in body.items() if value}


def _of_bind(mount: MountSpec, data: Mapping[str, Any]) -> Body:
    return {
        "Propagation": mount.propagation,
        "CreateMountpoint": mount.create_host_path,
        "NonRecursive": mount.recursive == "disabled",
        "ReadOnlyNonRecursive": mount.recursive == "writable",
        "ReadOnlyForceRecursive": mount.recursive == "readonly",
    }


def _of_volume(mount: MountSpec, data: Mapping[str, Any]) -> Body:
    expanded = {name: expand(value, data) for name, value in mount.driver_opts.items()}
    driver = {"Name": mount.driver or "local", "Options": expanded} if mount.driver or expanded else {}
    return {
        "NoCopy": mount.nocopy,
        "Subpath": mount.subpath,
        "Labels": {name: expand(value, data) for name, value in mount.labels.items()},
        "DriverConfig": driver,
    }


def _of_tmpfs(mount: MountSpec, data: Mapping[str, Any]) -> Body:
    return {"SizeBytes": mount.tmpfs_size, "Mode": mount.tmpfs_mode}


def _of_image(mount: MountSpec, data: Mapping[str, Any]) -> Body:
    return {"Subpath": mount.subpath}


_OPTIONS: Mapping[str, tuple[str, Callable[[MountSpec, Mapping[str, Any]], Body]]] = {
    "bind": ("BindOptions", _of_bind),
    "volume": ("VolumeOptions", _of_volume),
    "tmpfs": ("TmpfsOptions", _of_tmpfs),
    "image": ("ImageOptions", _of_image),
}
