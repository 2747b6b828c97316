"""Configs and secrets of one service: each is a file, mounted by `subPath` at compose's target."""

from collections.abc import Mapping

from stackferry.grammar.compose.model.attachments import FileReference
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes, Path
from stackferry.translator.volumes.files import CONFIGS, SECRETS, Kept, Section
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import CLAIM, OWN_FILES, SEED
from stackferry.translator.volumes.filling.seeds import wait_for
from stackferry.translator.volumes.mounts import Mounts
from stackferry.translator.volumes.persistent_volume_claim import below_root

DEFAULT_MODE = 0o444


def mount_files(
    section: Section,
    service: Service,
    kept: Mapping[str, Kept],
    group: int | None,
    mounts: Mounts,
    notes: Notes,
) -> None:
    """Mount the service's configs or secrets; `group` is the one that the node sets on the pod's volumes."""
    references: tuple[FileReference, ...] = service.configs if section is CONFIGS else service.secrets
    for index, reference in enumerate(references):
        path: Path = ("services", service.name, section.key, index)
        known = kept.get(reference.source)
        if known is None:
            note_undefined(section.key[:-1], reference.source, (*path, "source"), notes)
            continue
        target = reference.target or reference.source
        if not target.startswith("/"):
            target = section.folder + target
        mount = _of_claim if known.claim else _of_owner if _needs_owner(reference, group) else _of_object
        mount(Use(section, reference, known, target, path), mounts, notes)
        if group is not None and mount is _of_object:
            message = f"the file belongs to group {group} of the pod's volumes (fsGroup)"
            notes.approximated(path, "kubernetes-file-group", message)


def note_undefined(kind: str, name: str, path: Path, notes: Notes) -> None:
    """The loader refuses undefined names for services, but does not check jobs and `pre_start` containers."""
    message = f"the stack defines no {kind} {name}; not mounted"
    notes.action(path, f"kubernetes-undefined-{kind}", message, f"define it under the top-level {kind}s:")


@dataclass(frozen=True, slots=True)
class Use:
    """One config or secret of one service in progress: what it refers to, and its target."""

    section: Section
    reference: FileReference
    kept: Kept
    target: str
    path: Path

    @property
    def volume(self) -> str:
        """The preferred name of the pod's volume."""
        return f"{self.section.key[:-1]}-{self.reference.source}"

    @property
    def source(self) -> Body:
        """The pod's volume."""
        named = {self.section.name_field: self.kept.name, "defaultMode": _mode(self.reference)}
        return {self.section.volume: named}


def _of_object(use: Use, mounts: Mounts, notes: Notes) -> None:
    """Mount the file directly from the object; it belongs to root."""
    for key in ("uid", "gid"):
        value = getattr(use.reference, key)
        if value in (None, "0"):
            continue
        if _mode(use.reference) & 0o004:
            notes.approximated(
                (*use.path, key), "kubernetes-file-owner", "the file belongs to root; every user can read it"
            )
        else:
            notes.action(
                (*use.path, key),
                "kubernetes-file-owner",
                f"{value} is not a number: the file belongs to root, and with mode 0{_mode(use.reference):o}"
                " nobody else can read it",
                "write the numeric ID from /etc/passwd or /etc/group of the image",
            )
    mounts.add(use.volume, use.source, use.target, use.path, notes, read_only=True, sub_path=use.kept.key)


def _of_owner(use: Use, mounts: Mounts, notes: Notes) -> None:
    """Mount a copy in a folder of the pod, with mode and owner: files of an object always belong to root."""
    folder: Body = {"emptyDir": {"medium": "Memory"} if use.section is SECRETS else {}}
    user, group = (value.number if value else 0 for value in (use.reference.uid, use.reference.gid))
    mode = _mode(use.reference)
    # Containers of one pod may want the same file for different users.
    file = f"{use.kept.key}-{user}-{group}-{mode:o}"
    name = mounts.add(
        f"owned-{use.section.key}", folder, use.target, use.path, notes, read_only=True, sub_path=file, shared=True
    )
    if name is None:
        return
    # The object's own mode is for root, who copies the file.
    plain: Body = {use.section.volume: {use.section.name_field: use.kept.name, "defaultMode": 0o400}}
    held = mounts.pod.name(use.volume, plain)
    args = (f"{SEED}/{held}/{use.kept.key}", f"{CLAIM}/{name}/{file}")
    mounts.pod.fill(
        Filling(
            "own-files",
            OWN_FILES,
            (*args, f"{mode:o}", f"{user}:{group}"),
            (Held(held, f"{SEED}/{held}", read_only=True), Held(name, f"{CLAIM}/{name}")),
            joined=True,
        )
    )


def _of_claim(use: Use, mounts: Mounts, notes: Notes) -> None:
    """Mount the file from a claim, for which the pod waits."""
    claim = use.kept.name
    source: Body = {"persistentVolumeClaim": {"claimName": claim}}
    inside = below_root(use.kept.key)
    if mounts.add(use.volume, source, use.target, use.path, notes, read_only=True, sub_path=inside):
        wait_for(use.kept.key, claim, mounts.pod)


def _mode(reference: FileReference) -> int:
    """Kubernetes takes permission bits only; a container could not use setuid of its own file anyway."""
    return DEFAULT_MODE if reference.mode is None else int(reference.mode) & 0o777


def _needs_owner(reference: FileReference, group: int | None) -> bool:
    """Whether the file's owner matters: it is not readable by everybody, and not for root alone.

    If a volume belongs to a group, the node lets that group read every file, whatever its mode.
    """
    numbers = [value.number for value in (reference.uid, reference.gid) if value]
    return not _mode(reference) & 0o004 and (any(numbers) or group is not None) and None not in numbers
