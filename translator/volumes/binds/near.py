"""Tells the project's host paths from the machine's: files of others are never copied."""

import posixpath

from stackferry.grammar.files import is_within

_OF_THE_MACHINE = ("/root", "/etc", "/var", "/usr", "/lib", "/boot", "/bin", "/sbin", "/run", "/tmp")  # noqa: S108
_TOPS = frozenset(
    ("/", "/home", "/Users", "/mnt", "/media", "/opt", "/srv", "/var/lib", "/usr/local", *_OF_THE_MACHINE)
)
_HOMES = frozenset(("/home", "/Users"))


def is_near(path: str, directory: str) -> bool:
    """Whether the path belongs to the project with this directory: in it, or beside it in a folder of both.

    Two paths that share only a home, or a folder of the system, are unrelated.
    """
    if is_within(path, directory):
        return True
    if not (path.startswith("/") and directory.startswith("/")):
        return False
    shared = posixpath.commonpath((path, directory))
    return shared not in _TOPS and posixpath.dirname(shared) not in _HOMES


def is_foreign(path: str, directory: str) -> bool:
    """Whether the path belongs to the system or root, and not to the project."""
    return not is_near(path, directory) and any(is_within(path, folder) for folder in _OF_THE_MACHINE)
