"""What a deployment is asked to do: which services, their images, the rollout, and by whose rules. Values only.

`commands/` makes one of its options; `wanted.py`, `next_state.py`, `plan.py` and `deploy.py` each take the part of it
that concerns them.
"""

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.images.digests import ResolveImage
    from stackferry.options.common import Pull

Build = Literal["missing", "always", "never"]
"""Which images with a `build` are built: those that this machine lacks, all, or none."""
Recreate = Literal["changed", "always", "never"]
"""Which tasks are replaced: those whose service has changed, all, or none."""


@dataclass(frozen=True, slots=True)
class ServiceSelection:
    """Which services of the files are meant, and how many tasks each has."""

    named: tuple[str, ...] = ()
    """Their keys in the files; empty: all services."""
    with_dependencies: bool = True
    """Include what the named ones depend on."""
    required: tuple[str, ...] = ()
    """Keys that the files must have, because another option names them (`--attach`, `--exit-code-from`)."""
    replicas: tuple[tuple[str, int], ...] = ()
    """Numbers of tasks in place of the files', each for a key or a full name."""
    or_job: bool = False
    """The one key in `named` may be that of a job, which is run by hand."""


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """Where the images come from."""

    build: Build = "missing"
    pull: "Pull | None" = None
    """`always` pulls all, `missing` what is not here, `never` refuses what is not; None: as each `pull_policy` says."""
    resolve: "ResolveImage | None" = None
    """When registries are asked for digests to pin images to (`images/digests.py`); None: images are not pinned."""
    quiet_build: bool = False
    """Hide the output of the builder."""
    quiet_pull: bool = False
    """Hide the progress of pulls."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """What becomes of what runs already."""

    recreate: Recreate = "changed"
    """Of the named services, or of all if none is named. With `never`, networks stay as they are, too."""
    recreate_dependencies: bool = False
    """Replace also all tasks of what the named services depend on."""
    follow_images: bool = False
    """Replace also tasks whose image has other content now under the same name, as docker compose does and no swarm."""
    prune: bool = True
    """Remove services that are no longer in the files."""
    grace: float | None = None
    """Seconds between the stop signal and the kill of a replaced task; None: each service's `stop_grace_period`."""
    nodes: int = 0
    """Number of virtual nodes; 0: those of the files, else those that there are."""


@dataclass(frozen=True, slots=True)
class Flavour:
    """By whose rules files are read and tasks behave."""

    strict: bool = False
    """Refuse what a real swarm refuses (`--strict-swarm`)."""
    bug_compatible: bool = False
    """Reproduce bugs of a real swarm."""
    stack_deploy: bool = False
    """As `docker stack deploy`: secrets and configs that no service uses are made, and names have to be a swarm's."""


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """All of it. Without arguments: the whole stack, as a swarm deploys it, with what is missing built and pulled."""

    services: ServiceSelection = field(default_factory=ServiceSelection)
    images: ImagePolicy = field(default_factory=ImagePolicy)
    rollout: Rollout = field(default_factory=Rollout)
    flavour: Flavour = field(default_factory=Flavour)
