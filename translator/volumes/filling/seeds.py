"""The initial contents of a claim: a ConfigMap or Secret with files and a plan, and the init container that applies it.

The plan (`scripts.PLAN`) carries paths and modes, which the files of a mounted ConfigMap do not keep.
"""

import os
import posixpath

from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.contents import Contents
from stackferry.translator.volumes.configmap import to_configmap, to_secret
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import AWAIT, CLAIM, FILL, PLAN, SEED
from stackferry.translator.volumes.mounts import PodVolumes
from stackferry.translator.volumes.persistent_volume_claim import DATA


def to_seed(source: str, contents: Contents, stack: Stack) -> Manifest:
    """The object with the files of a host path and the plan of where they go."""
    keys = contents.keys(source)
    plan = [f"{mode:o} / {path}" for path, mode in contents.folders]
    plan += [f"{file.mode:o} {keys[file.path]} {file.path or posixpath.basename(source)}" for file in contents.files]
    plan += [f"link {keys[path]} {path}" for path, _ in contents.links]
    held = {keys[file.path]: file.content for file in contents.files}
    held.update((keys[path], os.fsencode(target)) for path, target in contents.links)
    held[PLAN] = "".join(f"{line}\n" for line in plan).encode("utf-8", "surrogateescape")
    make = to_secret if contents.secret else to_configmap
    return make(f"seed-{stack.naming.hosts[source]}", held, stack)


def seed(
    name: str, volume: str, made: Manifest, owner: Identity | None, pod: PodVolumes, *, folder: str = DATA
) -> None:
    """Have `folder` of the pod's `volume` filled from the object before the pod's containers start.

    The files will belong to `owner`. The init container is named after `name`.
    """
    pod.objects.append(made)
    secret = made.kind == "Secret"
    source: Body = {"secret": {"secretName": made.name}} if secret else {"configMap": {"name": made.name}}
    held = (Held(volume, CLAIM), Held(pod.name(made.name, source), SEED, read_only=True))
    owned = "" if owner is None or owner.is_root else f"{owner.user}:{owner.group}"
    pod.fill(Filling(f"fill-{name}", FILL, (owned, folder), held))


def wait_for(file: str, claim: str, pod: PodVolumes) -> None:
    """Have the pod's containers wait until the file is in the claim."""
    pod.fill(Filling(f"await-{claim}", AWAIT, (file, claim), (Held(_claim_volume(claim, pod), CLAIM, read_only=True),)))


def _claim_volume(claim: str, pod: PodVolumes) -> str:
    return pod.name(claim, {"persistentVolumeClaim": {"claimName": claim}})
