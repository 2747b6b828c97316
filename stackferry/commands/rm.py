"""`stackferry rm`, `service rm`, `stack rm`: services go, and what runs for them."""

import sys
from typing import Annotated

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.options.question import confirmed
from stackferry.session import Session


@verb
def rm(
    session: Session,
    services: SomeServices = None,
    stop: Annotated[bool, Option("-s", "--stop", help="Stop running services first, then remove them, too.")] = False,
    force: Annotated[bool, Option("-f", "--force", help="Do not ask for confirmation.")] = False,
    _volumes: Annotated[
        bool, Option("-v", "--volumes", help="Accepted; anonymous volumes are always removed.")
    ] = False,
) -> int:
    """Remove stopped services.

    Without a service, all stopped services of the stack. `up` creates them again.
    """
    from stackferry.deploy.service_removal import remove_services
    from stackferry.lookup.lookup import of_stack

    found, wanted = of_stack(session, services)
    going = [one for one in wanted if stop or one.stopped]
    if not going:
        session.note("No stopped services; use -s to stop them first")
        return 0
    names = ", ".join(found.short(one) for one in going)
    if not force:
        if not sys.stdin.isatty():
            raise WrongValueError("cannot ask for confirmation without a terminal: use --force", option="--force")
        if not confirmed(f"Going to remove {names}"):
            return 1
    remove_services(session, found, going)
    return 0


@verb
def service_rm(session: Session, services: Annotated[list[str], Argument(metavar="SERVICE...")]) -> int:
    """Remove one or more services."""
    from stackferry.deploy.service_removal import remove_services
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import find_service

    code = 0
    for word in services:
        try:
            found, service = find_service(session, word)
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
        else:
            remove_services(session, found, [service], ends=True)
            print(word)
    return code


@verb
def stack_rm(
    session: Session,
    stacks: Annotated[list[str], Argument(metavar="STACK...")],
    detach: Annotated[
        bool, Option("-d", "--detach/--no-detach", help="Do not wait for the removal: docker's default.")
    ] = False,
) -> int:
    """Remove one or more stacks."""
    from stackferry.lookup.stacks import look, may_be_stack

    code = 0
    for stack in stacks:
        found = look(session, stack)
        if detach and found is not None:
            from stackferry.deploy.service_removal import disown_payloads, remove_services

            for line in disown_payloads(session, found):
                print(line)
            remove_services(session, found, found.services(), ends=True)
        elif not may_be_stack(stack):
            session.note(f"Nothing found in stack: {stack}")
        else:
            from stackferry.deploy.remove import end

            code |= end(session, stack, volumes=False, say=_say)
    return code


def _say(line: str) -> None:
    # At once: the end of a stack takes a while.
    print(line, flush=True)
