"""`stackferry plan`: what `up` would create, replace and remove, and which fields made it so."""

from typing import Annotated

import typer

from stackferry.options.stack_options import stack_options
from stackferry.session import Session
from stackferry.up.background import show_plan


@stack_options
def plan(
    session: Session,
    services: Annotated[
        list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Only these, and what they depend on.")
    ] = None,
    nodes: Annotated[int, typer.Option("--nodes", metavar="N", min=0, max=254, help="Run on so many nodes.")] = 0,
) -> int:
    """Print what `up` would do, and why: + create, ~ replace, ± scale, = keep, - remove."""
    from stackferry.deploy.deploy import Wish

    return show_plan(session, Wish(only=tuple(services or ()), nodes=nodes, by_image=True))
