"""Image references: splits `registry/path:tag@digest` into parts, and derives facts from names."""

from typing import NamedTuple


class Image(NamedTuple):
    """A reference. `registry` is empty if not written (Docker Hub); tag and digest are empty if absent."""

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The reference without tag and digest."""
        return f"{self.registry}/{self.path}" if self.registry else self.path


def image(reference: str) -> Image:
    """The parts of a reference; never fails."""
    rest, _, digest = reference.partition("@")
    first, slash, _ = rest.partition("/")
    registry = first if slash and ("." in first or ":" in first or first == "localhost") else ""
    path = rest[len(registry) + 1 :] if registry else rest
    last = path.rfind("/") + 1
    colon = path.find(":", last)
    return Image(registry, path[:colon] if colon >= 0 else path, path[colon + 1 :] if colon >= 0 else "", digest)


_WINDOWS = ("/windows", "nanoserver", "servercore", "dotnet/framework", "windows/")


def is_windows(reference: str) -> bool:
    """Whether an image's name says that it is a Windows image: Microsoft's bases, and tags that name such a base."""
    lower = reference.lower()
    return any(part in lower for part in _WINDOWS) or ("windows" in lower and "mcr.microsoft.com" in lower)


_ALPINE = ("alpine", "busybox")


def is_busybox(reference: str) -> bool:
    """Whether an image's shell is busybox's ash: Alpine, and images whose tag says that they are built on Alpine."""
    lower = reference.lower()
    return any(part in lower for part in _ALPINE)
