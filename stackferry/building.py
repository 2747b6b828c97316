"""Builds the images of a stack before it runs, as docker compose does: those that are missing, or all."""

from pathlib import Path
from typing import TYPE_CHECKING

from emulator.builds import BuildSpec
from emulator.door import BuildOptions
from stackferry.session import Session

if TYPE_CHECKING:
    from emulator.door import Engine


def build_images(session: Session, engine: "Engine", builds: tuple[BuildSpec, ...], *, always: bool) -> None:
    """Build what is not there; everything if `always`."""
    for spec in builds:
        if always or spec.pull_policy == "build" or engine.image(spec.image) is None:
            session.note(f"building {spec.image}")
            engine.build(Path(spec.build.context or "."), build_options(spec), session.note)


def build_options(spec: BuildSpec) -> BuildOptions:
    """The engine's options for one build."""
    build = spec.build
    return BuildOptions(
        tags=(spec.image, *build.tags),
        dockerfile=build.dockerfile or "",
        inline=build.dockerfile_inline or "",
        args=dict(build.args),
        target=build.target or "",
        labels=dict(build.labels),
        cache_from=build.cache_from,
        extra_hosts={name: addresses[0] for name, addresses in build.extra_hosts.items() if addresses},
        network=build.network or "",
        platform=spec.platform,
        no_cache=build.no_cache,
        pull=build.pull,
        shm_size=int(build.shm_size or 0),
    )
