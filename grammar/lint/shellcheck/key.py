"""How ShellCheck is called, and the name under which its answer to a text can be kept."""

from stackferry.grammar.dockerfile.source import encoded

try:
    # hashlib would load OpenSSL: 3 ms, as much as all else takes in a run that finds every answer kept.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

EXCLUDED = ("SC2187", "SC1090", "SC1091")
"""Codes that a Dockerfile cannot mend, as for hadolint: dash for ash; a sourced file that is not here."""

OPTIONS = ("--norc", "--format=json1", "--severity=style", f"--exclude={','.join(EXCLUDED)}")
"""Before the names of files. A tab is one column in json1 only."""


def key(version: str, text: str) -> str:
    """64 hexadecimal digits: the same for the same ShellCheck, options and text."""
    content = "\0".join((version, *OPTIONS, "")).encode("utf-8", "surrogateescape") + encoded(text)
    return blake2b(content, digest_size=32).hexdigest()
