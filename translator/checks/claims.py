"""Checks claims that the stack creates: mounted below their root, and assigned to only one group."""

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, pod_of
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.volumes.persistent_volume_claim import DATA


def check_claims(manifests: tuple[Manifest, ...]) -> Complaints:
    """Services never see a claim's root: a new file system has a `lost+found` there, and our markers are there, too."""
    ours = {one.name for one in manifests if one.kind == "PersistentVolumeClaim"}
    for manifest in manifests:
        if manifest.kind not in WORKLOADS:
            continue
        spec = pod_of(manifest)
        claims = {
            volume["name"]
            for volume in spec.get("volumes", [])
            if volume.get("persistentVolumeClaim", {}).get("claimName") in ours
        }
        for container in spec["containers"]:
            for mount in container.get("volumeMounts", []):
                if mount["name"] in claims and mount.get("subPath", "").split("/")[0] != DATA:
                    yield manifest, "check-claim", f"the root of a claim is mounted at {mount['mountPath']}"
        context = spec.get("securityContext", {})
        if "fsGroup" in context and context.get("fsGroupChangePolicy") != "OnRootMismatch":
            yield manifest, "check-claim", "Kubernetes would change the group of the files at every start"
