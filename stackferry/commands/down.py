"""`stackferry down`: end a stack and remove what belongs to it; volumes and images only if asked."""

from typing import Annotated, Literal

from stackferry.options.declaration import Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Session

Rmi = Literal["local", "all"]


@stack_options
def down(
    session: Session,
    volumes: Annotated[bool, Option("-v", "--volumes", help="Remove the stack's volumes too.")] = False,
    timeout: Annotated[
        float | None, Option("-t", "--timeout", metavar="SECONDS", help="Grace period before a task is killed.")
    ] = None,
    rmi: Annotated[
        Rmi | None,
        Option("--rmi", help="Remove images, too: all, or only (local) those built here without a name."),
    ] = None,
    _remove_orphans: Annotated[
        bool, Option("--remove-orphans", help="Accepted; services that are no longer in the files are always removed.")
    ] = False,
) -> int:
    """Stop and remove the stack.

    Its tasks and networks are removed. Volumes are kept unless --volumes is given.
    """
    from stackferry.deploy.remove import end
    from stackferry.lookup.stacks import look, stack_name

    stack = stack_name(session)
    images: tuple[str, ...] = ()
    if rmi:
        from stackferry.images.unused_images import images_of, images_of_files

        found, local = look(session, stack), rmi == "local"
        running = images_of(found.cluster, stack, built_only=local) if found else ()
        images = (*running, *images_of_files(session, built_only=local))
    code = end(session, stack, volumes=volumes, timeout=timeout)
    if images and code == 0:
        from stackferry.images.unused_images import remove_images

        remove_images(session, images)
    return code
