"""Images in the engine protocol: a local image, and how to build one."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """A local image. `exposed` as `80/tcp`; `healthcheck` is the API's object, None if there is none.

    `size` in bytes; `created_at` is when it was built, `tagged_at` when it got a name here: 0.0 if unknown.
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
    """What a registry has for an image's name. `digest` as `sha256:…`, `platforms` as (os, architecture)."""

    digest: str
    platforms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """The progress of a layer, in bytes; `status` in the engine's words. `total` 0: unknown."""

    id: str
    status: str = ""
    current: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class BuildSecret:
    """A build secret with its `id`: the content of `file`, or else `content`, which is never printed."""

    id: str
    file: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build an image. `dockerfile` is relative to the context; `inline` is its text and takes precedence.

    `contexts` maps names to further contexts: a directory, a URL, `docker-image://NAME`, or `target:KEY`, a key of
    `linked`. `ssh` maps ids to keys or sockets (None: the agent), `ulimits` names to `SOFT:HARD` or `BOTH`.
    """

    tags: tuple[str, ...] = ()
    dockerfile: str = ""
    inline: str = ""
    args: Mapping[str, str | None] = field(default_factory=dict)
    target: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    contexts: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, "Linked"] = field(default_factory=dict)
    entitlements: tuple[str, ...] = ()
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isolation: str = ""
    network: str = ""
    platform: str = ""
    privileged: bool = False
    provenance: str = ""
    sbom: str = ""
    no_cache: bool = False
    no_cache_filter: tuple[str, ...] = ()
    pull: bool = False
    secrets: tuple[BuildSecret, ...] = ()
    ssh: Mapping[str, str | None] = field(default_factory=dict)
    ulimits: Mapping[str, str] = field(default_factory=dict)
    shm_size: int = 0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Linked:
    """Another build, from whose result a build copies: its context (a directory or a URL) and its options."""

    context: str
    options: BuildOptions


@dataclass(frozen=True, slots=True)
class Unable:
    """Why an image cannot be built here: the unsupported `keys` of its `build`, and what to do about it."""

    keys: tuple[str, ...]
    message: str
    hint: str
