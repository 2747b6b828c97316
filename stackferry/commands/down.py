"""`stackferry down`: end a stack and remove what belongs to it; volumes only if asked."""

from typing import Annotated

import typer

from stackferry.session import Session
from stackferry.stack import stack_options


@stack_options
def down(
    session: Session,
    volumes: Annotated[bool, typer.Option("-v", "--volumes", help="Remove the stack's volumes too.")] = False,
    timeout: Annotated[
        float | None, typer.Option("-t", "--timeout", metavar="SECONDS", help="Grace before a task is killed.")
    ] = None,
) -> int:
    """End a stack: its tasks are stopped and removed, then its networks. Volumes stay unless asked."""
    from stackferry.chosen import stack_name
    from stackferry.ending import end

    return end(session, stack_name(session), volumes=volumes, timeout=timeout)
