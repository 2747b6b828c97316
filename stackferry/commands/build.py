"""`stackferry build`: the images of the stack's services, with the engine's own builder."""

from typing import Annotated

import typer

from stackferry.options import SomeServices
from stackferry.session import Session
from stackferry.stack import stack_options


@stack_options
def build(
    session: Session,
    services: SomeServices = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Use nothing of earlier builds.")] = False,
    pull: Annotated[bool, typer.Option("--pull", help="Fetch newer images to build from.")] = False,
    build_arg: Annotated[
        list[str] | None, typer.Option("--build-arg", metavar="KEY[=VALUE]", help="One more argument of the builds.")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No output of the builder.")] = False,
    with_dependencies: Annotated[
        bool, typer.Option("--with-dependencies", help="Also what the named services depend on.")
    ] = False,
    _progress: Annotated[str, typer.Option("--progress", hidden=True)] = "",
) -> int:
    """Build the images of services, all of the stack if none is named. `up` then replaces the tasks that run others."""
    from dataclasses import replace

    from stackferry.building import build_images
    from stackferry.deploying import Wish, wanted
    from stackferry.engine import connect

    _, stack = wanted(session, Wish(only=tuple(services or ()), alone=not with_dependencies))
    if not stack.builds:
        session.note("No services to build")
        return 0
    known = session.environment
    given = {
        key: value if sign else known[key]
        for key, sign, value in (one.partition("=") for one in build_arg or ())
        if sign or key in known
    }
    build_images(
        session,
        connect(session),
        stack.builds,
        always=True,
        quiet=quiet,
        change=lambda one: replace(
            one, no_cache=one.no_cache or no_cache, pull=one.pull or pull, args={**one.args, **given}
        ),
    )
    return 0
