"""`stackferry services`, `stack services`, `service ls`: services and how many of their tasks run."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Filter, Format, Quiet
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.lookup.stacks import Found

Vips = Annotated[bool, Option("--vips", help="Show virtual IP addresses, by network.")]


@verb
def services(
    session: Session, filter_: Filter = None, form: Format = None, quiet: Quiet = False, vips: Vips = False
) -> int:
    """List the services of the stack."""
    from stackferry.lookup.stacks import chosen

    return _show(session, [chosen(session)], filter_, form, quiet=quiet, vips=vips)


@verb
def stack_services(
    session: Session,
    stack: Annotated[str, Argument(metavar="STACK")],
    filter_: Filter = None,
    form: Format = None,
    quiet: Quiet = False,
    vips: Vips = False,
) -> int:
    """List the services in the stack."""
    from stackferry.lookup.stacks import look
    from stackferry.render.filters import select
    from stackferry.render.service_rows import SERVICE_TESTS

    found = look(session, stack)
    if found is None or not select(found.services(), filter_, SERVICE_TESTS):
        # As docker: said, and no failure.
        session.note(f"Nothing found in stack: {stack}")
        return 0
    return _show(session, [found], filter_, form, quiet=quiet, vips=vips)


@verb
def service_ls(
    session: Session, filter_: Filter = None, form: Format = None, quiet: Quiet = False, vips: Vips = False
) -> int:
    """List the services of all stacks.

    With -p, of one stack.
    """
    from stackferry.lookup.stacks import reach

    return _show(session, reach(session).stacks, filter_, form, quiet=quiet, vips=vips)


def _show(
    session: Session,
    stacks: "Iterable[Found]",
    filters: list[str] | None,
    form: str | None,
    *,
    quiet: bool,
    vips: bool,
) -> int:
    from stackferry.lookup.unmanaged import all_as_they_are
    from stackferry.render.columns import natural
    from stackferry.render.filters import select
    from stackferry.render.format import listing
    from stackferry.render.service_rows import SERVICE_TESTS, SHAPE, WITH_VIPS, service_rows

    rows = [
        row
        for found in (stacks if quiet else all_as_they_are(session, stacks))
        for row in service_rows(found.cluster, select(found.services(), filters, SERVICE_TESTS), vips=vips)
    ]
    rows.sort(key=lambda row: natural(str(row["Name"])))
    sys.stdout.write(listing(WITH_VIPS if vips else SHAPE, rows, form, quiet=quiet))
    return 0
