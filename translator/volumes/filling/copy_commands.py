"""The commands that copy a folder or a file of the developer's machine into the claim that replaces it.

They run a separate pod, which does not depend on the services: those may wait or fail until the data is there.
"""

import json
import shlex

from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.options import Options
from stackferry.translator.volumes.persistent_volume_claim import DATA

_CLAIM = "/claim"


def copy_folder(shown: str, claim: str, workload: str, owner: Identity | None, options: Options) -> str:
    """Copies the folder `shown`, run from the project's folder; then restarts `workload` (`deploy/web`)."""
    return _command(f"tar -C {shlex.quote(shown)} -cf - . |", "tar -C data -xf -", "", claim, workload, owner, options)


def copy_file(shown: str, name: str, claim: str, workload: str, owner: Identity | None, options: Options) -> str:
    """Copies the file `shown` into the claim, under the name `name`."""
    inside = shlex.quote(f"{DATA}/{name}")
    # The file appears only when it is complete: pods wait for it.
    put = f"cat > new && rm -rf {inside} && mv new {inside}"
    return _command("", put, f" < {shlex.quote(shown)}", claim, workload, owner, options)


def _command(
    before: str, put: str, after: str, claim: str, workload: str, owner: Identity | None, options: Options
) -> str:
    make = f"cd {_CLAIM} && mkdir -p {DATA} && chmod $(stat -c %a .) {DATA}"
    give = "" if owner is None or owner.is_root else f" && chown -R {owner.user}:{owner.group} {DATA}"
    script = literal(f"{make} && {put}{give}")
    overrides = json.dumps(_pod(claim, script, options.helper_image), separators=(",", ":"))
    run = f"kubectl run{options.in_namespace} fill -i --rm --restart=Never --image={options.helper_image}"
    # A Job cannot be restarted, and waits in its first run.
    again = "" if workload.startswith("job/") else f" && kubectl rollout restart{options.in_namespace} {workload}"
    return f"{before} {run} --overrides={shlex.quote(overrides)}{after}{again}".lstrip()


def _pod(claim: str, command: str, image: str) -> Body:
    """The pod that writes its standard input into the claim."""
    container: Body = {
        "name": "fill",
        "image": image,
        "stdin": True,
        "stdinOnce": True,
        "command": ["sh", "-c", command],
        "securityContext": {"runAsUser": 0},
        "volumeMounts": [{"name": "claim", "mountPath": _CLAIM}],
    }
    volume: Body = {"name": "claim", "persistentVolumeClaim": {"claimName": claim}}
    return {"spec": {"containers": [container], "volumes": [volume]}}
