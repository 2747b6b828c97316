"""`stackferry pull`: the images of the stack's services, as `docker compose pull`."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stackferry.options import IncludeDeps, Silent, SomeServices
from stackferry.session import Session
from stackferry.stack import stack_options

if TYPE_CHECKING:
    from emulator.desired import DesiredStack
    from emulator.door import Engine


@stack_options
def pull(
    session: Session,
    services: SomeServices = None,
    quiet: Silent = False,
    policy: Annotated[
        Literal["missing", "always"], typer.Option("--policy", help="missing: only what is not here.")
    ] = "always",
    include_deps: IncludeDeps = False,
    ignore_buildable: Annotated[
        bool, typer.Option("--ignore-buildable", help="Not the images that can be built.")
    ] = False,
    ignore_pull_failures: Annotated[
        bool, typer.Option("--ignore-pull-failures", help="Only tell of images that cannot be fetched.")
    ] = False,
) -> int:
    """Fetch the images of services, all of the stack if none is named. `up` then replaces the tasks that run others."""
    from stackferry.building import tell_failed
    from stackferry.deploying import Wish, wanted
    from stackferry.engine import connect

    _, stack = wanted(session, Wish(only=tuple(services or ()), alone=not include_deps))
    failed = _pull(
        session, connect(session), stack, quiet=quiet, missing=policy == "missing", built=not ignore_buildable
    )
    hint = "check the name; a private registry wants `docker login` first"
    tell_failed(session, failed, hint, ignored=ignore_pull_failures)
    return 0


def _pull(
    session: Session, engine: "Engine", stack: "DesiredStack", *, quiet: bool, missing: bool, built: bool
) -> list[str]:
    """Each image once; gives what could not be fetched. What can be built need not be in a registry."""
    from emulator.builds import own_image
    from emulator.door import EngineError
    from stackferry.render.images import familiar

    buildable = {one.image: one.service for one in stack.builds}
    own = {
        one.image
        for one in stack.builds
        if one.pull_policy == "build" or one.image == own_image(stack.name, one.service)
    }
    containers = [one.task.container for one in stack.services if one.task.container is not None]
    failed = []
    for one in {one.image: one for one in containers}.values():
        if one.image in own or (one.image in buildable and not built) or one.pull_policy == "never":
            continue
        if missing and engine.image(one.image) is not None:
            continue
        if not quiet:
            session.note(f"pulling {familiar(one.image)}")
        try:
            engine.pull(one.image, one.platform)
        except EngineError as error:
            if one.image in buildable:
                session.note(f"{one.image} must be built: `stackferry build {buildable[one.image]}`")
            else:
                failed.append(f"{familiar(one.image)}: {error.message}")
    return failed
