"""The intermediate model: what a compose stack means, ready for both back ends.

Frozen values only, every key of the Compose Specification in typed form, no string left to parse:
durations are `Duration`, sizes `Bytes`, ports `Port`, mounts `Mount`; structured text is a term with its
parts (`Restart`, `Namespace`; `terms.py` has them all, and lists what is plain text on purpose). A field that is
`None` was not set (or set to its zero value, which Docker Compose treats alike); mappings keep the
canonical order.
`compose/assemble.py` makes the model from the canonical tree, field by field: field names are the keys.

The parts are in sibling modules: `container.py`, `job.py`, `build.py`, `deploy.py`, `attachments.py`,
`resources.py`.
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import Extends, Hook, Provider
from stackferry.grammar.compose.model.container import PreStart, Workload
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.resources import Config, Model, Network, Secret, Volume
from stackferry.grammar.compose.model.runtime import Develop
from stackferry.grammar.compose.model.terms import Link, Restart
from stackferry.grammar.lazy_dataclass import dataclass

Extensions = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Service(Workload):
    """One service. `name` is its key under `services`."""

    attach: bool | None = None
    container_name: str | None = None
    deploy: Deploy | None = None
    develop: Develop | None = None
    extends: Extends | None = None
    external_links: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    post_start: tuple[Hook, ...] = ()
    pre_start: tuple[PreStart, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
    profiles: tuple[str, ...] = ()
    provider: Provider | None = None
    restart: Restart | None = None
    scale: int | None = None

    @property
    def replicas(self) -> int:
        """The desired number of replicas: `scale`, else `deploy.replicas`, else 1."""
        if self.scale is not None:
            return self.scale
        if self.deploy is not None and self.deploy.replicas is not None:
            return self.deploy.replicas
        return 1


@dataclass(frozen=True, slots=True)
class Project:
    """A whole stack. `directory` is the absolute project directory that relative paths were joined to.

    `services` and `jobs` are those enabled, `disabled` and `disabled_jobs` those that no active profile enables.
    `environment` has the variables that interpolation used.
    """

    name: str
    directory: str
    services: Mapping[str, Service] = field(default_factory=dict)
    disabled: Mapping[str, Service] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    disabled_jobs: Mapping[str, Job] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    configs: Mapping[str, Config] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    extensions: Extensions = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
