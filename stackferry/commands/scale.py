"""`stackferry scale`, `rollback` and the same in docker's words: one change in the store, then wait for it."""

from typing import Annotated

from stackferry.options.common import Detach, Silent
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def scale(
    session: Session,
    asked: Annotated[list[str], Argument(metavar="SERVICE=REPLICAS...")],
    detach: Detach = False,
    _no_deps: Annotated[bool, Option("--no-deps", help="Accepted; dependencies are never scaled.")] = False,
) -> int:
    """Change the number of replicas of services."""
    from stackferry.deploy.scaling import Scaling
    from stackferry.up.wait import converge

    scaling = Scaling(session, dict(_replicas(one) for one in asked))
    code = 1 if scaling.missing else 0
    for found, replicas in scaling.stacks():
        for name, count in replicas:
            print(f"{name} scaled to {count}")
        code |= converge(session, found, [name for name, _ in replicas], detach=detach)
    return code


def _replicas(text: str) -> tuple[str, int]:
    name, found, count = text.partition("=")
    if not found or not name:
        raise WrongValueError(f"invalid scale specifier '{text}'. Use SERVICE=REPLICAS", option="SERVICE")
    if not count.isdecimal():
        raise WrongValueError(f"{name}: invalid replicas value {count}", option="SERVICE")
    return name, int(count)


@verb
def rollback(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    detach: Detach = False,
    quiet: Silent = False,
) -> int:
    """Roll a service back to its previous version."""
    from stackferry.deploy.service_update import roll_back
    from stackferry.up.wait import converge

    updated = roll_back(session, service)
    print(service)
    return converge(session, updated.found, [updated.name], detach=detach, quiet=quiet)
