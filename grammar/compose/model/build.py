"""Model of `services.*.build`: how a service's image is built. Part of the intermediate model."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import FileReference, Ulimit
from stackferry.grammar.compose.model.terms import Platform
from stackferry.grammar.compose.syntax.units import Bytes
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Build:
    """One image build. `context` is an absolute path or a URL; `ssh` maps ids to paths (None: agent).

    A build argument without a value that no variable resolves is `None`.
    """

    context: str | None = None
    dockerfile: str | None = None
    dockerfile_inline: str | None = None
    additional_contexts: Mapping[str, str] = field(default_factory=dict)
    args: Mapping[str, str | None] = field(default_factory=dict)
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    entitlements: tuple[str, ...] = ()
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isolation: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    network: str | None = None
    no_cache: bool = False
    no_cache_filter: tuple[str, ...] = ()
    platforms: tuple[Platform, ...] = ()
    privileged: bool = False
    provenance: str | None = None
    pull: bool = False
    sbom: str | None = None
    secrets: tuple[FileReference, ...] = ()
    shm_size: Bytes | None = None
    ssh: Mapping[str, str | None] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    target: str | None = None
    ulimits: Mapping[str, Ulimit] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)
