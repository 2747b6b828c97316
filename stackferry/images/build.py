"""The images of a stack before it runs, as docker compose has them: built if missing, or all."""

from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.emulator.desired.builds import BuildSpec, build_options
from stackferry.grammar.diagnostics import StackferryError
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackferry.emulator.engine.image import BuildOptions
    from stackferry.emulator.engine.protocol import Engine


def build_images(
    session: Session,
    engine: "Engine",
    builds: tuple[BuildSpec, ...],
    *,
    always: bool,
    quiet: bool = False,
    change: "Callable[[BuildOptions], BuildOptions]" = lambda options: options,
) -> None:
    """Build what is not there; everything if `always`. `change`: what a command says of the options."""
    quiet = quiet or session.silent
    for spec in builds:
        if always or spec.pull_policy == "build" or engine.image(spec.image) is None:
            if not quiet:
                session.note(f"building {spec.image}")
            engine.build(Path(spec.build.context or "."), change(build_options(spec)), None if quiet else session.note)


def tell_failed(session: Session, failed: list[str], hint: str, *, ignored: bool) -> None:
    """Raise what could not be fetched or sent, a line for each image; only tell of it if that is `ignored`."""
    if failed and not ignored:
        raise StackferryError("\n".join(failed), hint)
    for line in failed:
        session.note(line)
