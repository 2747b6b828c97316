"""Which images have to be built before the stack can run, and how a built image is called.

Part of `desired.py`. A swarm ignores `build:`; here it is done as docker compose does it.
"""

from dataclasses import dataclass

from grammar.compose.build import Build
from grammar.compose.model import Project, Service


@dataclass(frozen=True, slots=True)
class BuildSpec:
    """One image to build: `image` is its tag, `build` the options (further tags in `build.tags`)."""

    service: str
    image: str
    build: Build
    platform: str = ""
    pull_policy: str = ""


def image_of(service: Service, project: Project) -> str:
    """The image that the service's containers run; a built one without a name is called after the service."""
    return service.image or f"{project.name}-{service.name}"


def build_specs(project: Project) -> tuple[BuildSpec, ...]:
    """The builds of the enabled services."""
    return tuple(
        BuildSpec(
            service.name, image_of(service, project), service.build, service.platform or "", service.pull_policy or ""
        )
        for service in project.services.values()
        if service.build is not None
    )
