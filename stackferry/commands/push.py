"""`stackferry push`: the images that are built here, to their registries, as `docker compose push`."""

from typing import Annotated

from stackferry.options.common import IncludeDeps, Silent, SomeServices
from stackferry.options.declaration import Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Session


@stack_options
def push(
    session: Session,
    services: SomeServices = None,
    quiet: Silent = False,
    include_deps: IncludeDeps = False,
    ignore_push_failures: Annotated[
        bool, Option("--ignore-push-failures", help="Only warn about images that cannot be pushed.")
    ] = False,
) -> int:
    """Push the images of services that have a `build`.

    Log in with `docker login` first. A name that is no service of the stack is taken for an image, and the line is
    handed to docker: `stackferry push me/shop:1`.
    """
    from stackferry.deploy.request import ServiceSelection
    from stackferry.deploy.wanted import wanted
    from stackferry.engine import connect
    from stackferry.images.build import tell_failed
    from stackferry.images.namesakes import tell_namesakes, with_other_images
    from stackferry.images.transfer import HINT, own_names, send

    _, stack = wanted(session, ServiceSelection(tuple(services or ()), with_dependencies=include_deps))
    names = own_names(stack)
    if not names:
        session.note("No services to push: one has both `build` and `image`")
        return 0
    engine = connect(session)
    if not quiet:
        tell_namesakes(session, engine, with_other_images(stack, services or ()))
    failed = send(session, engine, names, quiet=quiet)
    tell_failed(session, failed, HINT, ignored=ignore_push_failures)
    return 0
