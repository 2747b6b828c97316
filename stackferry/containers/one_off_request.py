"""What `run` is asked to do: one container of a service's making, and what it has otherwise. Values only.

`commands/run.py` makes one of its options; `up/one_off.py` carries it out.
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.deploy.request import ImagePolicy
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ContainerChanges:
    """What the container has otherwise than its service's. Texts are docker's, as they are written after an option."""

    command: tuple[str, ...] = ()
    """Empty: the service's own, or none where there is another `entrypoint`."""
    entrypoint: tuple[str, ...] | None = None
    """None: the service's own."""
    environment: tuple[str, ...] = ()
    """`KEY=VALUE`, or `KEY` for the value that it has here; they win over those of files."""
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
    """Publish the service's ports, too."""
    volumes: tuple[str, ...] = ()
    """`./src:/app:ro`, `data:/data`; they win over the service's at the same place."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a user is at the container."""

    tty: bool = False
    """It has a terminal, which is the user's."""
    keys: str = ""
    """With which the user may leave its terminal, as the engine is told them: `ctrl-p,ctrl-q`. Empty: with none."""
    typed: bytes = b""
    """The same keys as they are typed."""


@dataclass(frozen=True, slots=True)
class OneOffRequest:
    """Without `attachment` nobody waits for it, and it stays until `down`, or its end if it `removes_itself`."""

    service: str
    """The key of a service or of a job."""
    changes: ContainerChanges = field(default_factory=ContainerChanges)
    attachment: Attachment | None = None
    images: ImagePolicy = field(default_factory=ImagePolicy)
    """Where its own image comes from."""
    name: str = ""
    """What the container is called; empty: a name is made up."""
    removes_itself: bool = False
    aliases: bool = False
    """It answers to its service's names."""
    dependencies: bool = True
    """What the service depends on is brought up first."""
    quiet: bool = False
    """Hide progress."""
