"""ConfigMaps and Secrets made of files: same form, named after their content so that a change triggers a rollout."""

import base64
import json
from collections.abc import Mapping

from stackferry.grammar.regex import regex
from stackferry.translator.manifest.labels import of_project
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.manifest.names import hashed
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack

CONFIGMAP_LIMIT = 1024 * 1024
"""The most bytes of a ConfigMap or Secret: the API refuses more."""
LARGEST_APPLIED = 256 * 1024
"""The most bytes of JSON that `kubectl apply` handles: it keeps a copy of the object in an annotation."""


def to_configmap(
    name: str, content: Mapping[str, bytes], stack: Stack, annotations: Mapping[str, str] | None = None
) -> Manifest:
    """A ConfigMap called `name` and a hash; binary files go to `binaryData`."""
    text: dict[str, str] = {}
    binary: dict[str, str] = {}
    for key, data in sorted(content.items()):
        if is_text(data):
            text[key] = data.decode("utf-8")
        else:
            binary[key] = _base64(data)
    rest: Body = {"immutable": True}
    if text or not binary:
        rest["data"] = text
    if binary:
        rest["binaryData"] = binary
    labels = of_project(stack.project.name)
    full = hashed(name, _fingerprint(content))
    return manifest("ConfigMap", full, stack.options.namespace, labels, rest, annotations)


def to_secret(
    name: str, content: Mapping[str, bytes], stack: Stack, annotations: Mapping[str, str] | None = None
) -> Manifest:
    """A Secret called `name` and a hash."""
    rest: Body = {
        "type": "Opaque",
        "immutable": True,
        "data": {key: _base64(data) for key, data in sorted(content.items())},
    }
    labels = of_project(stack.project.name)
    full = hashed(name, _fingerprint(content))
    return manifest("Secret", full, stack.options.namespace, labels, rest, annotations)


_NO_TEXT = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control characters and noncharacters: the server refuses YAML with them, however they are escaped."""


def is_text(content: bytes) -> bool:
    """Whether the content is UTF-8 that every reader of YAML accepts."""
    try:
        return not _NO_TEXT.search(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def note_large(made: Manifest, path: Path, notes: Notes) -> None:
    """Add a note at `path` if the object is legal, but too large for a plain `kubectl apply`."""
    texts = [*made.body.get("data", {}).values(), *made.body.get("binaryData", {}).values()]
    # A character takes at most six bytes of JSON: most objects are small enough without a closer look.
    if sum(map(len, texts)) * 6 < LARGEST_APPLIED - 4096:
        return
    # kubectl writes these three as \u003c and the like.
    escaped = 5 * sum(text.count(sign) for text in texts for sign in "<>&")
    if len(json.dumps(made.body, ensure_ascii=False, separators=(",", ":")).encode()) + escaped >= LARGEST_APPLIED:
        notes.action(
            path,
            "kubernetes-large-object",
            f"{made.id} is larger than 256 KiB, the limit of the annotation in which kubectl apply keeps a copy",
            "use kubectl apply --server-side, which keeps no copy",
        )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _fingerprint(content: Mapping[str, bytes]) -> bytes:
    return b"".join(b"%d:%s%d:%s" % (len(k), k.encode(), len(v), v) for k, v in sorted(content.items()))
