"""Builds the images of a stack before it runs, as docker compose does: those that are missing, or all."""

from pathlib import Path
from typing import TYPE_CHECKING

from emulator.builds import BuildSpec, build_options
from stackferry.session import Session

if TYPE_CHECKING:
    from emulator.door import Engine


def build_images(session: Session, engine: "Engine", builds: tuple[BuildSpec, ...], *, always: bool) -> None:
    """Build what is not there; everything if `always`."""
    for spec in builds:
        if always or spec.pull_policy == "build" or engine.image(spec.image) is None:
            session.note(f"building {spec.image}")
            engine.build(Path(spec.build.context or "."), build_options(spec), session.note)
