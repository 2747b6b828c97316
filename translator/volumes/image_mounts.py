"""Mounts of an image's files: an image volume if the cluster supports it, else a copy by an init container."""

import posixpath

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import CLAIM, COPY_IMAGE
from stackferry.translator.volumes.mounts import Mounts
from stackferry.translator.volumes.persistent_volume_claim import below_root
from stackferry.translator.volumes.subpath import legal_subpath

SINCE = 35
"""The first minor version of Kubernetes 1.x with image volumes enabled by default."""


def mount_image(mount: Mount, path: Path, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """An entry of `volumes` of type image."""
    below = mount.image.subpath if mount.image else None
    if below and not legal_subpath(below, (*path, "image", "subpath"), notes):
        return
    if not mount.source:
        notes.action(
            (*path, "type"), "kubernetes-image-volume", "it specifies no image; not mounted", "specify one in source"
        )
        return
    name = f"image-{posixpath.basename(mount.target)}"
    if stack.options.kubernetes >= SINCE:
        source = {"image": {"reference": mount.source, "pullPolicy": "IfNotPresent"}}
        mounts.add(name, source, mount.target, path, notes, read_only=True, sub_path=below)
        return
    notes.approximated(
        (*path, "type"),
        "kubernetes-image-volume",
        f"an init container copies it out of {mount.source}, which needs sh and cp for that:"
        f" Kubernetes can mount images from 1.{SINCE} on",
        f"if the image has no shell, use a cluster of 1.{SINCE} and --kubernetes-version 1.{SINCE}",
    )
    volume = mounts.add(name, {"emptyDir": {}}, mount.target, path, notes, read_only=True, sub_path=below_root())
    if volume:
        filling = Filling(
            f"copy-{volume}", COPY_IMAGE, ((below or "").strip("/"),), (Held(volume, CLAIM),), image=mount.source
        )
        mounts.pod.fill(filling)
