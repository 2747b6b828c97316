"""`stackferry push`: the images that are built here, to their registries, as `docker compose push`."""

from typing import Annotated

import typer

from stackferry.options import IncludeDeps, Silent, SomeServices
from stackferry.session import Session
from stackferry.stack import stack_options


@stack_options
def push(
    session: Session,
    services: SomeServices = None,
    quiet: Silent = False,
    include_deps: IncludeDeps = False,
    ignore_push_failures: Annotated[
        bool, typer.Option("--ignore-push-failures", help="Only tell of images that cannot be sent.")
    ] = False,
) -> int:
    """Send the images of services that have a `build` to their registries. Log in with `docker login`."""
    from emulator.builds import own_image
    from emulator.door import EngineError
    from stackferry.building import tell_failed
    from stackferry.deploying import Wish, wanted
    from stackferry.engine import connect

    _, stack = wanted(session, Wish(only=tuple(services or ()), alone=not include_deps))
    own = [one for one in stack.builds if one.image != own_image(stack.name, one.service)]
    if not own:
        session.note("No services to push: one has both `build` and `image`")
        return 0
    engine, failed = connect(session), []
    for image in dict.fromkeys(name for one in own for name in (one.image, *one.build.tags)):
        if not quiet:
            session.note(f"pushing {image}")
        try:
            engine.push(image)
        except EngineError as error:
            failed.append(f"{image}: {error.message}")
    hint = "build it first; a private registry wants `docker login`"
    tell_failed(session, failed, hint, ignored=ignore_push_failures)
    return 0
