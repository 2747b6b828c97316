"""`stackferry pull`: the images of the stack's services, as `docker compose pull`."""

from typing import Annotated, Literal

from stackferry.options.common import IncludeDeps, Silent, SomeServices
from stackferry.options.declaration import Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Session


@stack_options
def pull(
    session: Session,
    services: SomeServices = None,
    quiet: Silent = False,
    policy: Annotated[
        Literal["missing", "always"],
        Option("--policy", help="When to pull; missing: only images that are not on this machine."),
    ] = "always",
    include_deps: IncludeDeps = False,
    ignore_buildable: Annotated[bool, Option("--ignore-buildable", help="Skip images that can be built.")] = False,
    ignore_pull_failures: Annotated[
        bool, Option("--ignore-pull-failures", help="Only warn about images that cannot be pulled.")
    ] = False,
) -> int:
    """Pull the images of services.

    Without a service, those of the whole stack. Run `up` to replace tasks that run an older image. A name that is
    no service of the stack is taken for an image, and the line is handed to docker: `stackferry pull alpine`.
    """
    from stackferry.deploy.request import ServiceSelection
    from stackferry.deploy.wanted import wanted
    from stackferry.engine import connect
    from stackferry.images.build import tell_failed
    from stackferry.images.namesakes import tell_namesakes, with_other_images
    from stackferry.images.pull import PULL_HINT, fetch, pulled, refused

    _, stack = wanted(session, ServiceSelection(tuple(services or ()), with_dependencies=include_deps))
    engine = connect(session)
    if not quiet:
        tell_namesakes(session, engine, with_other_images(stack, services or ()))
    chosen = pulled(stack, buildable=not ignore_buildable)
    if policy == "missing":
        chosen = [one for one in chosen if engine.image(one.image) is None]
    failed = fetch(session, engine, chosen, quiet=quiet)
    buildable = {one.image: one.service for one in stack.builds}
    # What can be built need not be in a registry.
    for image in [one for one in failed if one in buildable]:
        session.note(f"{image} must be built: run `stackferry build {buildable[image]}`")
        del failed[image]
    tell_failed(session, refused(failed), PULL_HINT, ignored=ignore_pull_failures)
    return 0
