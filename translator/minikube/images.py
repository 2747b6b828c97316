"""The images of a stack and those that a node has: which must be loaded, and whether they have arrived. Pure.

Minikube's exit code proves nothing: it is 0 for a file that does not exist and for a build that failed. So only the
output of `minikube image ls` afterwards counts.
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
    """A node's images: the id of each by its full name (`docker.io/library/busybox:1`)."""

    ids: Mapping[str, str]

    def has(self, name: str, identity: str = "") -> bool:
        """Whether the node has an image of this name; with an `identity`, also with that id."""
        found = self.ids.get(whole(name))
        return found is not None and (not identity or found == identity)

    def tags_of(self, repository: str) -> tuple[str, ...]:
        """The full names of all its images of a repository."""
        start = whole(f"{repository}:x").rpartition(":")[0]
        return tuple(sorted(one for one in self.ids if one.rpartition(":")[0] == start))


def held(text: str) -> Held:
    """From the output of `minikube image ls --format json`, which is an empty line if nothing runs."""
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
    """The full name: `busybox` is `docker.io/library/busybox:latest`."""
    first, slash, _ = name.partition("/")
    has_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
    path = name if has_host else f"docker.io/{name if slash else f'library/{name}'}"
    if "@" in path:
        return path
    return path if ":" in path.rpartition("/")[2] else f"{path}:latest"


def missing(wanted: Iterable[tuple[str, str]], there: Held) -> tuple[str, ...]:
    """The names, from pairs of name and id, that the node lacks or has with another id."""
    return tuple(name for name, identity in wanted if not there.has(name, identity))


def with_names(objects: Iterable[Manifest], names: Mapping[str, str]) -> tuple[Manifest, ...]:
    """Objects whose pods run other images; `names` has the new names by full names of the current ones."""
    return tuple(replace(one, body=_renamed(one.body, names)) if _runs_pods(one) else one for one in objects)


def _runs_pods(manifest: Manifest) -> bool:
    return pod_spec(manifest) is not None


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A copy: `image` is a name if it is text; an image volume has the name in its `reference`."""
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
