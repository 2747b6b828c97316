"""`stackferry service create`: a service without a file, as docker's tutorials begin."""

from typing import Annotated, Any, Literal

from stackferry.options.common import Detach, NoResolveImage, Silent
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.options.service_flags import with_flags
from stackferry.session import Session

STACK = "services"
"""The stack of services that were created by themselves, unless --project-name names one."""


@verb
@with_flags("create")
def create(
    session: Session,
    image: Annotated[str, Argument(metavar="IMAGE")],
    command: Annotated[list[str] | None, Argument(metavar="[COMMAND] [ARG]...")] = None,
    name: Annotated[
        str, Option("--name", metavar="NAME", help="Name of the service. Default: that of the image.")
    ] = "",
    mode: Annotated[
        Literal["replicated", "global", "replicated-job", "global-job"], Option("--mode", help="Service mode.")
    ] = "replicated",
    detach: Detach = False,
    quiet: Silent = False,
    with_registry_auth: Annotated[bool, Option("--with-registry-auth", hidden=True)] = False,
    no_resolve_image: NoResolveImage = False,
    **flags: Any,
) -> int:
    """Create a service.

    It belongs to the stack that --project-name names, or to one called `services`.
    """
    from stackferry.deploy.service_creation import NewService, create_service
    from stackferry.emulator.cluster.spec import Mode
    from stackferry.up.wait import converge

    asked = NewService(
        image,
        session.stack.project_name or STACK,
        tuple(command or ()),
        name,
        Mode(mode.replace("-", " ")),
        flags,
        resolves_image=not no_resolve_image,
    )
    created = create_service(session, asked)
    print(created.id)
    return converge(session, created.found, [created.name], detach=detach, quiet=quiet)
