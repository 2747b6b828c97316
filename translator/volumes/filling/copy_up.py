"""Docker's copy-up: a new volume begins with the image's files at its mount point.

An init container with the service's own image copies them: if the image is known to hold files that are needed
(`image_facts/held_folders.py`), for all volumes, or for none, as `Options.copy_up` says.
"""

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.image_facts.held_folders import holds
from stackferry.translator.manifest.names import digest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import CLAIM, COPY_UP


def copies_up(service: Service, mount: Mount, stack: Stack) -> bool:
    """Whether the volume begins with the image's files; Docker copies them for a read-only mount as well.

    Here a read-only mount copies only if no service writes the volume: a writer's files are the right ones, and its pod
    may start later.
    """
    if (mount.volume and mount.volume.nocopy) or stack.options.copy_up == "never":
        return False
    wanted = stack.options.copy_up == "always" or holds(service, mount.target, stack.host)
    return wanted and not (mount.read_only and _is_written(mount.source, stack))


def copy_up(service: Service, mount: Mount, volume: str, sub_path: str) -> Filling:
    """The filling of the folder `sub_path` of the pod's `volume` from the image."""
    mark = f"copied/{digest(sub_path)}"
    return Filling(
        f"copy-up-{volume}", COPY_UP, (mount.target, sub_path, mark), (Held(volume, CLAIM),), service=service.name
    )


def note_copied(mount: Mount, path: Path, stack: Stack, notes: Notes) -> None:
    """Add a note on the copy and on what it needs."""
    needs = "; the image needs sh and cp for that" if stack.options.copy_up == "always" else ""
    notes.approximated(
        path,
        "kubernetes-copy-up",
        f"an init container copies the image's content at {mount.target} while the volume is empty{needs}",
    )


def _is_written(source: str | None, stack: Stack) -> bool:
    """Whether some service may write the volume of that name."""
    mounts = (mount for service in stack.project.services.values() for mount in service.volumes)
    return source is not None and any(mount.source == source and not mount.read_only for mount in mounts)
