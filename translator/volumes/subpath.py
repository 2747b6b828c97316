"""Paths below a volume's root that Kubernetes accepts: relative, and never above the root."""

from stackferry.translator.host_mounts import leads_out
from stackferry.translator.notes import Notes, Path


def legal_subpath(text: str, path: Path, notes: Notes) -> bool:
    """Whether a `subpath` can be mounted; if not, `path` gets a note and the caller must leave the mount out."""
    if not leads_out(text):
        return True
    notes.action(
        path,
        "kubernetes-subpath",
        f"{text} leads out of the volume, which Kubernetes does not allow; not mounted",
        "write a path below the volume's root, without ..",
    )
    return False
