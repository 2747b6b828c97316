"""Images pinned to the digests that their names already have: `config --resolve-image-digests`, `--lock-image-digests`.

On the canonical document, last before `render.py`. A digest that the name lacks is in a registry, and
loading fetches nothing: such an image is an error that says who can help.
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
    """An image cannot be pinned; `hint` says who can help, if anybody."""


_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = regex(
    rf"(?:(?P<domain>{_HOST}(?::[0-9]+)?)/)?(?P<path>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
"""An image reference, as distribution/reference has it; the parts may still stand in for each other."""


_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
"""The algorithms of digests, and how many hexadecimal digits they give."""


def pinned(name: str) -> str:
    """An image's full name with its digest: `nginx:1@sha256:…` → `docker.io/library/nginx@sha256:…`.

    A tag beside a digest says nothing and goes, as with ParseDockerRef of distribution/reference. Raises
    DigestError for what is no image's name, and for one without a digest.
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
    """The registry and the repository in it; a first part counts as a registry only if it looks like one."""
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
    """The document with every image pinned; those that cannot be are in the report, at their `origin`."""
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
    """An override file that says the images of the document and nothing else.

    In JSON, docker compose spells out what a service does not say of its command.
    """
    unsaid = {"command": None, "entrypoint": None} if json else {}
    services = {
        name: {**unsaid, **({"image": service["image"]} if service.get("image") else {})}
        for name, service in document["services"].items()
    }
    return {**({"name": ""} if json else {}), "services": services}
