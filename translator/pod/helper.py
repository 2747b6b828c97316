"""Our own init containers: they wait or fill claims before the containers of a pod start.

They run the helper image (`Options.helper_image`) with a shell script and as few privileges as possible. The caller
puts them into the pod's `initContainers`; this file does not know what they are for.
"""

from collections.abc import Mapping, Sequence

from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.manifests import Body

ROOT = 0
_NOBODY = 65534
_AS_ROOT = ("CHOWN", "DAC_OVERRIDE", "FOWNER")
"""The capabilities that root needs to read, write and give away others' files; all others are dropped."""


def helper_container(
    name: str,
    script: str,
    image: str,
    *,
    args: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    mounts: Sequence[Body] = (),
    user: int | None = None,
) -> Body:
    """An init container that runs `script` in `image` by `sh -c`; `args` are its `$1`, `$2`….

    `mounts` are `volumeMounts`. Without `user` it runs as nobody, without any capability, so that a namespace with
    restricted Pod Security accepts it; as root it may change owners and modes, and nothing else. Its root file system
    is read-only.
    """
    fields: Body = {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [literal(word) for word in ("sh", "-c", script, *((name, *args) if args else ()))],
        "env": [{"name": key, "value": literal(value)} for key, value in (env or {}).items()],
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}},
        "volumeMounts": list(mounts),
        "securityContext": _security(user),
    }
    return {key: value for key, value in fields.items() if value != []}


def _security(user: int | None) -> Body:
    user = _NOBODY if user is None else user
    capabilities: Body = {"drop": ["ALL"], **({"add": list(_AS_ROOT)} if user == ROOT else {})}
    context: Body = {
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
        "readOnlyRootFilesystem": True,
    }
    return {"runAsUser": user, **({"runAsNonRoot": True} if user != ROOT else {}), **context}
