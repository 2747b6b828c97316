"""Checks image names against the grammar of github.com/distribution/reference.

`facts/images.py` splits any text; this finds names that a build refuses.
"""

import re

from stackferry.grammar.regex import regex

_DOMAIN = regex(
    r"(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
    r"|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
)
_PATH = regex(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*")
_TAG = regex(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = regex(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_HEXADECIMAL = regex(r"[a-f0-9]{64}")
_LONGEST = 255


def mistake(reference: str) -> str:
    """Why a text is not an image name, empty if it is one."""
    if not reference:
        return "it is empty"
    if _HEXADECIMAL.fullmatch(reference):
        return "64 hexadecimal digits are an image ID, not a name"
    domain, rest = _split(reference)
    name, at, digest = rest.partition("@")
    path, colon, tag = name.partition(":")
    if path != path.lower():
        return "the name must be lowercase"
    if colon and not _TAG.fullmatch(tag):
        return f"{tag!r} is not a tag"
    if at and not _DIGEST.fullmatch(digest):
        return f"{digest!r} is not a digest"
    # The part before the first slash need not be a registry: `x.i_o/a` is a path of two parts.
    has_domain = not domain or _DOMAIN.fullmatch(domain) or _PATH.fullmatch(domain)
    if not has_domain or not _PATH.fullmatch(path):
        return "it contains characters that are not allowed there"
    # Without a registry the name is on Docker Hub, and a single part is below library/.
    whole = f"{domain}/{path}" if domain else f"docker.io/{path}" if "/" in path else f"docker.io/library/{path}"
    return f"it is longer than {_LONGEST} characters" if len(whole) > _LONGEST else ""


def _split(reference: str) -> tuple[str, str]:
    """The registry, empty if not written, and the rest."""
    first, slash, rest = reference.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return first, rest
    return "", reference
