"""Pins images to the digests in their names: `config --resolve-image-digests`, `--lock-image-digests`.

Works on the canonical document, last before `render.py`. A digest that is not in the name is known only to a
registry, and loading fetches nothing: such an image is an error whose hint says how to get the digest.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from stackferry.grammar.diagnostics import Diagnostics, StackferryError
from stackferry.grammar.key_path import Path
from stackferry.grammar.regex import regex
from stackferry.grammar.source import Span

Origin = Callable[[Path], Span | None]
"""Where the value at a path was written."""


class DigestError(StackferryError):
    """An image cannot be pinned; `hint` is the remedy, if there is one."""


_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = regex(
    rf"(?:(?P<domain>{_HOST}(?::[0-9]+)?)/)?(?P<path>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
"""An image reference, as in distribution/reference; the split into registry and repository is not final yet."""


_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
"""The digest algorithms and how many hexadecimal digits each has."""


def pinned(name: str) -> str:
    """An image's full name with its digest: `nginx:1@sha256:…` → `docker.io/library/nginx@sha256:…`.

    A tag beside a digest has no effect and is dropped, as in ParseDockerRef of distribution/reference. Raises
    DigestError for text that is no image name, and for a name without a digest.
    """
    found = _REFERENCE.fullmatch(name)
    if found is None:
        raise DigestError(f"{name!r} is not a valid image name")
    domain, path = _placed(found["domain"], found["path"])
    if found["digest"] is None:
        raise DigestError(
            f"the digest of {name} must be fetched from a registry, and stackferry config does not access registries",
            "run docker compose config --resolve-image-digests, and use its output as the compose file",
        )
    algorithm, _, digits = found["digest"].partition(":")
    if _DIGITS.get(algorithm) != len(digits):
        raise DigestError(
            f"{found['digest']} is not a digest: a sha256 digest has 64 hexadecimal digits, a sha512 digest 128"
        )
    return f"{domain}/{path}@{found['digest']}"


def _placed(domain: str | None, path: str) -> tuple[str, str]:
    """The registry and the repository; a first part counts as a registry only if it looks like one."""
    if domain is None and "/" in path:
        first, _, rest = path.partition("/")
        if "." in first or first == "localhost":
            domain, path = first, rest
    elif domain is not None and not (re.search(r"[.:]", domain) or domain == "localhost" or domain != domain.lower()):
        domain, path = None, f"{domain}/{path}"
    if domain in (None, "index.docker.io"):
        domain = "docker.io"
    if domain == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return domain or "docker.io", path


def resolve_digests(document: Mapping[str, Any], origin: Origin, report: Diagnostics) -> dict[str, Any]:
    """The document with every image pinned; images that cannot be pinned are reported at their `origin`."""
    services = {}
    for name, service in (document.get("services") or {}).items():
        services[name] = service
        if not service.get("image"):
            continue
        try:
            services[name] = {**service, "image": pinned(service["image"])}
        except DigestError as error:
            report.error("digest", str(error), origin(("services", name, "image")), error.hint)
    return {**document, "services": services}


def lock_digests(document: Mapping[str, Any], *, json: bool = False) -> dict[str, Any]:
    """An override file with the images of the document and nothing else.

    In JSON, docker compose also writes a null `command` and `entrypoint` for each service.
    """
    unsaid = {"command": None, "entrypoint": None} if json else {}
    services = {
        name: {**unsaid, **({"image": service["image"]} if service.get("image") else {})}
        for name, service in document["services"].items()
    }
    return {**({"name": ""} if json else {}), "services": services}
