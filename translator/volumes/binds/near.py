"""Which paths of the host are the project's, and which are the machine's: nobody else's files are copied anywhere."""

import posixpath

from stackferry.grammar.files import is_within

_OF_THE_MACHINE = ("/root", "/etc", "/var", "/usr", "/lib", "/boot", "/bin", "/sbin", "/run", "/tmp")  # noqa: S108
_TOPS = frozenset(
    ("/", "/home", "/Users", "/mnt", "/media", "/opt", "/srv", "/var/lib", "/usr/local", *_OF_THE_MACHINE)
)
_HOMES = frozenset(("/home", "/Users"))


def is_near(path: str, directory: str) -> bool:
    """Whether the path is the project's, whose directory is given: in it, or beside it in a folder of their own.

    Two paths that share nothing but a home, or a folder of the system, have nothing to do with each other.
    """
    if is_within(path, directory):
        return True
    if not (path.startswith("/") and directory.startswith("/")):
        return False
    shared = posixpath.commonpath((path, directory))
    return shared not in _TOPS and posixpath.dirname(shared) not in _HOMES


def is_foreign(path: str, directory: str) -> bool:
    """Whether the path is the system's or root's, and not the project's."""
    return not is_near(path, directory) and any(is_within(path, folder) for folder in _OF_THE_MACHINE)
