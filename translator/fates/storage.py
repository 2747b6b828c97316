"""Fates of the keys of a service about mounts: volumes, tmpfs, configs, secrets."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder, nothing

_MOUNT = "container.volumeMounts[mountPath={target}]"


def _files(section: str) -> Section:
    return {
        section: holder(f"each of the {section} is a file in the container"),
        f"{section}[]": exact(_MOUNT),
        f"{section}[].source": exact(_MOUNT),
        f"{section}[].target": exact(f"{_MOUNT}.mountPath"),
        f"{section}[].uid": exact(_MOUNT, why="an init container copies the file for its owner"),
        f"{section}[].gid": exact(_MOUNT, why="an init container copies the file for its owner"),
        f"{section}[].mode": exact(_MOUNT, why="defaultMode of the volume, or of the copy for its owner"),
    }


_EMPTY = "a new claim begins empty; a note says where it does not"

STORAGE: Section = {
    **_files("configs"),
    **_files("secrets"),
    "tmpfs": about(
        "a folder in memory that everybody may write, without the sticky bit unless mode says so", "pod.volumes"
    ),
    "volumes": holder("each is a volume of the pod, mounted"),
    "volumes[]": exact(_MOUNT, why=_EMPTY),
    "volumes[].type": exact(_MOUNT),
    "volumes[].source": exact(_MOUNT, why=_EMPTY),
    "volumes[].target": exact(f"{_MOUNT}.mountPath"),
    "volumes[].read_only": exact(f"{_MOUNT}.readOnly"),
    "volumes[].consistency": nothing("a hint for Docker Desktop"),
    "volumes[].bind": holder(),
    "volumes[].bind.propagation": exact(f"{_MOUNT}.mountPropagation"),
    "volumes[].bind.create_host_path": nothing("nothing is created on the laptop"),
    "volumes[].bind.recursive": about("nothing is mounted below what stands in for the path"),
    "volumes[].bind.selinux": nothing("the node labels what it mounts"),
    "volumes[].volume": holder(),
    "volumes[].volume.labels": action("one claim for all who mount it; label the top-level volume"),
    "volumes[].volume.labels.*": action("one claim for all who mount it; label the top-level volume"),
    "volumes[].volume.nocopy": exact(why="a claim begins empty; only images known to need it are copied from"),
    "volumes[].volume.subpath": exact(f"{_MOUNT}.subPath"),
    "volumes[].tmpfs": holder(),
    "volumes[].tmpfs.size": exact(_MOUNT, why="sizeLimit of the folder in memory"),
    "volumes[].tmpfs.mode": exact(_MOUNT, why="everybody may write it, or an init container sets the mode"),
    "volumes[].image": holder(),
    "volumes[].image.subpath": exact(f"{_MOUNT}.subPath"),
    "volumes_from": about("the other service's mounts are repeated here", "container.volumeMounts"),
}
