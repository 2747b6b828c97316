"""ConfigMaps and Secrets made of files: same shape, named after their content so that a change rolls out."""

import base64
from collections.abc import Mapping

from translator.labels import of_project
from translator.manifests import Body, Manifest, manifest
from translator.names import hashed
from translator.stack import Stack

LARGEST = 1024 * 1024
"""What a ConfigMap or Secret holds at most, in bytes: the API refuses more."""


def to_configmap(
    name: str, content: Mapping[str, bytes], stack: Stack, annotations: Mapping[str, str] | None = None
) -> Manifest:
    """A ConfigMap called `name` and a hash; what is no UTF-8 text goes to `binaryData`."""
    text: dict[str, str] = {}
    binary: dict[str, str] = {}
    for key, data in sorted(content.items()):
        try:
            text[key] = data.decode("utf-8")
        except UnicodeDecodeError:
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


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _fingerprint(content: Mapping[str, bytes]) -> bytes:
    return b"".join(b"%d:%s%d:%s" % (len(k), k.encode(), len(v), v) for k, v in sorted(content.items()))
