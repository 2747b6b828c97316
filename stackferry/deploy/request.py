"""The request of a deployment: which services, their images, the rollout, and whose rules apply. Values only.

`commands/` builds it from options; `wanted.py`, `next_state.py`, `plan.py` and `deploy.py` each use a part of it.
"""

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.images.digests import ResolveImage
    from stackferry.options.common import Pull

Build = Literal["missing", "always", "never"]
"""Which images with a `build` are built: missing ones, all, or none."""
Recreate = Literal["changed", "always", "never"]
"""Which tasks are replaced: those of changed services, all, or none."""


@dataclass(frozen=True, slots=True)
class ServiceSelection:
    """Which services of the files to deploy, and how many tasks each has."""

    named: tuple[str, ...] = ()
    """The services' keys in the files; empty: all services."""
    with_dependencies: bool = True
    """Include the dependencies of the named services."""
    required: tuple[str, ...] = ()
    """Keys that the files must have, because another option names them (`--attach`, `--exit-code-from`)."""
    replicas: tuple[tuple[str, int], ...] = ()
    """Numbers of tasks that override the files, by key or full name of a service."""
    or_job: bool = False
    """The only key in `named` may be a job to run by hand."""


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """How images are obtained."""

    build: Build = "missing"
    pull: "Pull | None" = None
    """`always` pulls all, `missing` pulls missing images, `never` refuses them; None: as each `pull_policy` says."""
    resolve: "ResolveImage | None" = None
    """When registries are asked for digests to pin images to (`images/digests.py`); None: images are not pinned."""
    quiet_build: bool = False
    """Hide the output of the builder."""
    quiet_pull: bool = False
    """Hide the progress of pulls."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """What happens to running tasks and existing services."""

    recreate: Recreate = "changed"
    """Applies to the named services, or to all if none is named. With `never`, networks stay as they are, too."""
    recreate_dependencies: bool = False
    """Also replace all tasks of the named services' dependencies."""
    follow_images: bool = False
    """Also replace tasks whose image has new content under the same name, as docker compose does but a swarm not."""
    prune: bool = True
    """Remove services that are no longer in the files."""
    grace: float | None = None
    """Seconds between the stop signal and the kill of a replaced task; None: each service's `stop_grace_period`."""
    nodes: int = 0
    """Number of virtual nodes; 0: those of the files, else the existing ones."""


@dataclass(frozen=True, slots=True)
class Flavour:
    """Whose rules apply to files and tasks."""

    strict: bool = False
    """Refuse what a real swarm refuses (`--strict-swarm`)."""
    bug_compatible: bool = False
    """Reproduce bugs of a real swarm."""
    stack_deploy: bool = False
    """Like `docker stack deploy`: create unused secrets and configs, and require names that a swarm accepts."""


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """The whole request. By default, deploy the whole stack as a swarm does, and build and pull missing images."""

    services: ServiceSelection = field(default_factory=ServiceSelection)
    images: ImagePolicy = field(default_factory=ImagePolicy)
    rollout: Rollout = field(default_factory=Rollout)
    flavour: Flavour = field(default_factory=Flavour)
