"""Images as the engine protocol speaks of them: one that is here, and how to build one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """An image that is here. `exposed` as `80/tcp`; `healthcheck` is the API's object, None when there is none.

    `size` in bytes; `created_at` is when it was built, `tagged_at` when it got a name here: 0.0 is not known.
    """

    id: str
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    healthcheck: Mapping[str, object] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    env: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    stop_signal: str = ""
    os: str = "linux"
    arch: str = "amd64"
    size: int = 0
    created_at: float = 0.0
    tagged_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a registry has under an image's name. `digest` as `sha256:…`, `platforms` as (os, architecture)."""

    digest: str
    platforms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """How far a layer of an image is on its way, in bytes; `status` in the engine's words. `total` 0: not known."""

    id: str
    status: str = ""
    current: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build an image. `dockerfile` is relative to the context; `inline` is its text and goes before it."""

    tags: tuple[str, ...] = ()
    dockerfile: str = ""
    inline: str = ""
    args: Mapping[str, str | None] = field(default_factory=dict)
    target: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    cache_from: tuple[str, ...] = ()
    extra_hosts: Mapping[str, str] = field(default_factory=dict)
    network: str = ""
    platform: str = ""
    no_cache: bool = False
    pull: bool = False
    shm_size: int = 0
    memory: int = 0
