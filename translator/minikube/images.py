"""The images of a stack and those that a node has: which have to go there, and whether they have arrived. Pure.

Minikube's exit code says nothing here: it is 0 for a file that does not exist and for a build that failed. So what
counts is what `minikube image ls` says afterwards.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.minikube.pods import pod_spec


@dataclass(frozen=True, slots=True)
class Held:
    """What a node has: the id of each image by its whole name (`docker.io/library/busybox:1`)."""

    ids: Mapping[str, str]

    def has(self, name: str, identity: str = "") -> bool:
        """Whether it has an image of this name; with an `identity`, of that one."""
        found = self.ids.get(whole(name))
        return found is not None and (not identity or found == identity)

    def tags_of(self, repository: str) -> tuple[str, ...]:
        """The whole names of all that it has of a repository."""
        start = whole(f"{repository}:x").rpartition(":")[0]
        return tuple(sorted(one for one in self.ids if one.rpartition(":")[0] == start))


def held(text: str) -> Held:
    """By the answer to `minikube image ls --format json`, which is an empty line where nothing runs."""
    try:
        found = json.loads(text)
    except ValueError:
        return Held({})
    every = found if isinstance(found, list) else []
    return Held({whole(tag): _identity(one) for one in every for tag in one.get("repoTags") or ()})


def _identity(image: Mapping[str, object]) -> str:
    text = str(image.get("id", ""))
    return text if text.startswith("sha256:") else f"sha256:{text}"


def whole(name: str) -> str:
    """A name with all that it leaves out: `busybox` is `docker.io/library/busybox:latest`."""
    first, slash, _ = name.partition("/")
    has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
    path = name if has_host else f"docker.io/{name if slash else f'library/{name}'}"
    if "@" in path:
        return path
    return path if ":" in path.rpartition("/")[2] else f"{path}:latest"


def missing(wanted: Iterable[tuple[str, str]], there: Held) -> tuple[str, ...]:
    """The names, of names and ids, that a node does not have, or not as they are here."""
    return tuple(name for name, identity in wanted if not there.has(name, identity))


def with_names(objects: Iterable[Manifest], names: Mapping[str, str]) -> tuple[Manifest, ...]:
    """Objects whose pods run other images, by whole names of those that they run now."""
    return tuple(replace(one, body=_renamed(one.body, names)) if _runs_pods(one) else one for one in objects)


def _runs_pods(manifest: Manifest) -> bool:
    return pod_spec(manifest) is not None


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A copy: `image` is a name wherever it stands as text; that of a volume has it as its `reference`."""
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: names.get(whole(child), child)
        if key in ("image", "reference") and isinstance(child, str)
        else _renamed(child, names)
        for key, child in value.items()
    }
