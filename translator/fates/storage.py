"""Fates of a service's keys about mounts: volumes, tmpfs, configs, secrets."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder, nothing

_MOUNT = "container.volumeMounts[mountPath={target}]"


def _files(section: str) -> Section:
    return {
        section: holder(f"{section} are files in the container"),
        f"{section}[]": exact(_MOUNT),
        f"{section}[].source": exact(_MOUNT),
        f"{section}[].target": exact(f"{_MOUNT}.mountPath"),
        f"{section}[].uid": exact(_MOUNT, why="an init container copies the file and sets its owner"),
        f"{section}[].gid": exact(_MOUNT, why="an init container copies the file and sets its owner"),
        f"{section}[].mode": exact(_MOUNT, why="the volume's defaultMode, or the mode of the copy"),
    }


_EMPTY = "a new claim is empty, unless a note says otherwise"

STORAGE: Section = {
    **_files("configs"),
    **_files("secrets"),
    "tmpfs": about("a folder in memory, writable for all; the sticky bit only if mode sets it", "pod.volumes"),
    "volumes": holder("each is mounted as a volume of the pod"),
    "volumes[]": exact(_MOUNT, why=_EMPTY),
    "volumes[].type": exact(_MOUNT),
    "volumes[].source": exact(_MOUNT, why=_EMPTY),
    "volumes[].target": exact(f"{_MOUNT}.mountPath"),
    "volumes[].read_only": exact(f"{_MOUNT}.readOnly"),
    "volumes[].consistency": nothing("a hint for Docker Desktop"),
    "volumes[].bind": holder(),
    "volumes[].bind.propagation": exact(f"{_MOUNT}.mountPropagation"),
    "volumes[].bind.create_host_path": nothing("nothing is created on the laptop"),
    "volumes[].bind.recursive": about("nothing is mounted below the volume that replaces the path"),
    "volumes[].bind.selinux": nothing("the node labels what it mounts"),
    "volumes[].volume": holder(),
    "volumes[].volume.labels": action("all services share one claim; label the top-level volume"),
    "volumes[].volume.labels.*": action("all services share one claim; label the top-level volume"),
    "volumes[].volume.nocopy": exact(why="a claim is empty; only images known to need it are copied from"),
    "volumes[].volume.subpath": exact(f"{_MOUNT}.subPath"),
    "volumes[].tmpfs": holder(),
    "volumes[].tmpfs.size": exact(_MOUNT, why="the folder's sizeLimit"),
    "volumes[].tmpfs.mode": exact(_MOUNT, why="writable for all, or an init container sets the mode"),
    "volumes[].image": holder(),
    "volumes[].image.subpath": exact(f"{_MOUNT}.subPath"),
    "volumes_from": about("the other service's mounts are repeated here", "container.volumeMounts"),
}
