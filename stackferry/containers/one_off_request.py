"""The request of `run`: one container from a service's definition, and how it differs from it. Values only.

`commands/run.py` builds the request from its options; `up/one_off.py` carries it out.
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.deploy.request import ImagePolicy
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ContainerChanges:
    """How the container differs from its service. Strings are docker's option values as they were typed."""

    command: tuple[str, ...] = ()
    """Empty: the service's command, or none if `entrypoint` is replaced."""
    entrypoint: tuple[str, ...] | None = None
    """None: the service's entrypoint."""
    environment: tuple[str, ...] = ()
    """`KEY=VALUE`, or `KEY` for its value in our environment; these override variables from files."""
    environment_files: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    """Empty: the service's own."""
    working_dir: str = ""
    """Empty: the service's own."""
    add_capabilities: tuple[str, ...] = ()
    drop_capabilities: tuple[str, ...] = ()
    publish: tuple[str, ...] = ()
    """`8080:80`, `127.0.0.1:53:53/udp`."""
    service_ports: bool = False
    """Also publish the service's ports."""
    volumes: tuple[str, ...] = ()
    """`./src:/app:ro`, `data:/data`; these override the service's mounts with the same target."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """How the user is attached to the container."""

    tty: bool = False
    """The container has a terminal, connected to the user's."""
    keys: str = ""
    """The detach keys in the engine's notation: `ctrl-p,ctrl-q`. Empty: the user cannot detach."""
    typed: bytes = b""
    """The detach keys as the bytes that a terminal sends."""


@dataclass(frozen=True, slots=True)
class OneOffRequest:
    """Without `attachment` the container runs in the background until `down`, or its end if it `removes_itself`."""

    service: str
    """The key of a service or of a job."""
    changes: ContainerChanges = field(default_factory=ContainerChanges)
    attachment: Attachment | None = None
    images: ImagePolicy = field(default_factory=ImagePolicy)
    """How its image is obtained."""
    name: str = ""
    """The container's name; empty: a generated one."""
    removes_itself: bool = False
    aliases: bool = False
    """The container gets its service's network aliases."""
    dependencies: bool = True
    """Bring up the service's dependencies first."""
    quiet: bool = False
    """Hide progress."""
