"""Fates of a service's keys for mounts: volumes, tmpfs, configs, secrets."""

from stackferry.grammar.fates import Section, about, exact, holder, nothing

_MOUNT = "container.mounts"


def _files(section: str) -> Section:
    return {
        section: holder(f"{section} are files in the container"),
        **{
            f"{section}[]{part}": exact("container.files")
            for part in ("", ".source", ".target", ".uid", ".gid", ".mode")
        },
    }


STORAGE: Section = {
    **_files("configs"),
    **_files("secrets"),
    "tmpfs": exact("option.Tmpfs"),
    "volumes": holder(),
    **{
        f"volumes[]{part}": exact(_MOUNT)
        for part in (
            *("", ".type", ".source", ".target", ".read_only", ".bind.propagation", ".bind.create_host_path"),
            *(".bind.selinux", ".volume.labels", ".volume.labels.*", ".volume.nocopy", ".tmpfs.size", ".tmpfs.mode"),
        )
    },
    "volumes[].consistency": nothing("a hint for Docker Desktop"),
    "volumes[].bind": holder(),
    "volumes[].bind.recursive": about("engines older than v25 support only disabled", _MOUNT),
    "volumes[].volume": holder(),
    "volumes[].volume.subpath": about("engines older than v26 mount the whole volume", _MOUNT),
    "volumes[].tmpfs": holder(),
    "volumes[].image": holder(),
    "volumes[].image.subpath": about("engines older than v28 refuse mounts of images", _MOUNT),
    "volumes_from": exact("option.VolumesFrom"),
}
