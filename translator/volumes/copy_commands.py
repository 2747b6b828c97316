"""The commands that bring a folder or a file of the developer's machine into the claim that stands in for it."""

import json
import posixpath
import shlex

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator.manifest.manifests import Body

_IMAGE = "busybox:1"


def copy_folder(shown: str, mount: Mount, claim: str, workload: str, namespace: str | None) -> str:
    """By way of the running pod, which has the folder mounted."""
    where = f"kubectl exec -i{_within(namespace)} {workload}"
    return (
        f"to copy its content: tar -C {shlex.quote(shown)} -cf - . "
        f"| {where} -- tar -C {shlex.quote(mount.target)} -xf -"
    )


def copy_file(shown: str, mount: Mount, claim: str, workload: str, namespace: str | None) -> str:
    """By way of a pod of its own.

    As long as the claim has no such file, the node makes a folder of that name for the mount, and the
    service's own pods cannot put a file in the place of what they have mounted.
    """
    inside = shlex.quote(f"/claim/{posixpath.basename(mount.source or '')}")
    overrides = json.dumps(_pod(claim, f"rm -rf {inside} && cat > {inside}"), separators=(",", ":"))
    fill = f"kubectl run{_within(namespace)} fill --rm -i --restart=Never --image={_IMAGE}"
    again = f"kubectl rollout restart{_within(namespace)} {workload}"
    return f"to copy it: {fill} --overrides={shlex.quote(overrides)} < {shlex.quote(shown)} && {again}"


def _within(namespace: str | None) -> str:
    return f" -n {namespace}" if namespace else ""


def _pod(claim: str, command: str) -> Body:
    """The pod that puts its standard input into the claim."""
    container: Body = {
        "name": "fill",
        "image": _IMAGE,
        "stdin": True,
        "stdinOnce": True,
        "command": ["sh", "-c", command],
        "volumeMounts": [{"name": "claim", "mountPath": "/claim"}],
    }
    volume: Body = {"name": "claim", "persistentVolumeClaim": {"claimName": claim}}
    return {"spec": {"containers": [container], "volumes": [volume]}}
