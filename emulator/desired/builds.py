"""Which images have to be built before the stack can run, and how a built image is called.

Part of `stack.py`. A swarm ignores `build:`; here it is done as docker compose does it.
"""

from dataclasses import dataclass

from stackferry.emulator.engine.image import BuildOptions
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Project, Service


@dataclass(frozen=True, slots=True)
class BuildSpec:
    """One image to build: `image` is its tag, `build` the options (further tags in `build.tags`)."""

    service: str
    image: str
    build: Build
    platform: str = ""
    pull_policy: str = ""


def own_image(stack: str, service: str) -> str:
    """What a built image without a name is called. No registry has it."""
    return f"{stack}-{service}"


def image_of(service: Service, project: Project) -> str:
    """The image that the service's containers run."""
    return service.image or own_image(project.name, service.name)


def build_specs(project: Project) -> tuple[BuildSpec, ...]:
    """The builds of the enabled services."""
    return tuple(
        BuildSpec(
            service.name,
            image_of(service, project),
            service.build,
            str(service.platform or ""),
            str(service.pull_policy or ""),
        )
        for service in project.services.values()
        if service.build is not None
    )


def build_options(spec: BuildSpec) -> BuildOptions:
    """The options of a build as the engine protocol takes them; its context is `spec.build.context`."""
    build = spec.build
    return BuildOptions(
        tags=(spec.image, *build.tags),
        dockerfile=build.dockerfile or "",
        inline=build.dockerfile_inline or "",
        args=build.args,
        target=build.target or "",
        labels=build.labels,
        cache_from=build.cache_from,
        # The protocol takes one address a host; more are rare, and the first is the one that counts.
        extra_hosts={host: addresses[0] for host, addresses in build.extra_hosts.items() if addresses},
        network=build.network or "",
        platform=spec.platform or str(next(iter(build.platforms), "")),
        no_cache=build.no_cache,
        pull=build.pull,
        shm_size=int(build.shm_size or 0),
    )
