"""The command line of ShellCheck, and the cache key of its answer to a text."""

from stackferry.grammar.dockerfile.source import encoded

try:
    # hashlib would load OpenSSL: 3 ms, as much as the rest of a run that finds every answer cached.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

EXCLUDED = ("SC2187", "SC1090", "SC1091")
"""Codes that a Dockerfile cannot fix, as in hadolint: dash for ash; a sourced file that is not available."""

OPTIONS = ("--norc", "--format=json1", "--severity=style", f"--exclude={','.join(EXCLUDED)}")
"""The options before file names. Only in json1 is a tab one column."""


def key(version: str, text: str) -> str:
    """A key of 64 hexadecimal digits, equal for the same ShellCheck version, options and text."""
    content = "\0".join((version, *OPTIONS, "")).encode("utf-8", "surrogateescape") + encoded(text)
    return blake2b(content, digest_size=32).hexdigest()
