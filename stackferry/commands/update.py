"""`stackferry update`, `service update`: change a running service, flag by flag, as docker's."""

from typing import Annotated, Any

from stackferry.options.common import Detach, NoResolveImage, Silent
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.options.service_flags import with_flags
from stackferry.session import Session


@verb
@with_flags("update")
def update(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    force: Annotated[bool, Option("--force", help="Replace all tasks even if nothing has changed.")] = False,
    rollback: Annotated[bool, Option("--rollback", help="Roll back to the previous version.")] = False,
    detach: Detach = False,
    quiet: Silent = False,
    with_registry_auth: Annotated[bool, Option("--with-registry-auth", hidden=True)] = False,
    no_resolve_image: NoResolveImage = False,
    **flags: Any,
) -> int:
    """Update a service.

    Its tasks are replaced, if necessary, as its update_config says. `up` and `stack deploy` undo what is not in the
    file.
    """
    from stackferry.deploy.service_update import ServiceUpdate, update_service
    from stackferry.up.wait import converge

    asked = ServiceUpdate(flags, force=force, rollback=rollback, resolves_image=not no_resolve_image)
    updated = update_service(session, service, asked)
    print(service)
    return converge(session, updated.found, [updated.name], detach=detach, quiet=quiet)
