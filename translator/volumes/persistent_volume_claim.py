"""PersistentVolumeClaims: one for each top-level volume or host folder, shared by all its mounts.

One claim for all, because in compose they share one volume. No storage class is named: the cluster's
default (minikube: `standard`) applies. ReadWriteOnce means one node, not one pod, so on minikube many
pods may share it.

A mount shows a folder below the claim's root (`DATA`), because a new file system is not empty: it has a
`lost+found`, with which a database does not start. Beside that folder are the markers of its filling (`STATE`).
"""

import posixpath
from collections.abc import Mapping

from stackferry.translator.manifest.labels import annotations, of_project
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack

DATA = "data"
"""The folder below a claim's root that represents the volume."""
STATE = ".stackferry"
"""The folder below a claim's root with the markers of finished fills."""


def below_root(path: str | None = None) -> str:
    """`subPath` of a mount of a claim of ours, or of a folder or file in it."""
    return posixpath.join(DATA, path) if path else DATA


def to_claim(name: str, labels: Mapping[str, str], path: Path, stack: Stack, notes: Notes) -> Manifest:
    """The claim called `name`; `labels` are compose's, found at `path`."""
    return manifest(
        "PersistentVolumeClaim",
        name,
        stack.options.namespace,
        of_project(stack.project.name),
        {"spec": claim_spec(stack)},
        annotations(labels, path, notes),
    )


def claim_spec(stack: Stack) -> Body:
    """`spec` of every claim."""
    return {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": stack.options.volume_size}},
    }
