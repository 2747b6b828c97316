"""`stackferry push`: the images that are built here, to their registries, as `docker compose push`."""

from typing import Annotated

import typer

from stackferry.options import SomeServices
from stackferry.session import Session
from stackferry.stack import stack_options


@stack_options
def push(
    session: Session,
    services: SomeServices = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")] = False,
    include_deps: Annotated[
        bool, typer.Option("--include-deps", help="Also what the named services depend on.")
    ] = False,
    ignore_push_failures: Annotated[
        bool, typer.Option("--ignore-push-failures", help="Only tell of images that cannot be sent.")
    ] = False,
) -> int:
    """Send the images of services that have a `build` to their registries. Log in with `docker login`."""
    from emulator.door import EngineError
    from grammar.diagnostics import StackferryError
    from stackferry.deploying import Wish, wanted
    from stackferry.engine import connect

    _, stack = wanted(session, Wish(only=tuple(services or ()), alone=not include_deps))
    own = [one for one in stack.builds if one.image != f"{stack.name}-{one.service}"]
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
    if failed and not ignore_push_failures:
        raise StackferryError("\n".join(failed), "build it first; a private registry wants `docker login`")
    for line in failed:
        session.note(line)
    return 0
