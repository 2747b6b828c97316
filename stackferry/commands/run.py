"""`stackferry run SERVICE COMMAND`: one container of a service's making, with its networks, secrets and volumes."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stackferry.session import Session
from stackferry.stack import stack_options

if TYPE_CHECKING:
    from collections.abc import Iterable


@stack_options
def run(
    session: Session,
    service: Annotated[str, typer.Argument(metavar="SERVICE")],
    command: Annotated[list[str] | None, typer.Argument(metavar="[COMMAND]...", help="Instead of its own.")] = None,
    env: Annotated[
        list[str] | None, typer.Option("-e", "--env", metavar="KEY=VALUE", help="One more variable.")
    ] = None,
    user: Annotated[str, typer.Option("-u", "--user", metavar="USER", help="Another user.")] = "",
    workdir: Annotated[str, typer.Option("-w", "--workdir", metavar="DIR", help="Another working directory.")] = "",
) -> int:
    """Run a one-off command in a container like those of a service, and remove it. Its exit code is ours."""
    from dataclasses import replace

    from stackferry.deploying import Wish, wanted
    from stackferry.engine import connect
    from stackferry.oneoff import run_once

    _, stack = wanted(session, Wish(only=(service,)))
    spec = next(one for one in stack.services if one.name == stack.names[service])
    container = spec.task.container
    assert container is not None
    changed = replace(
        container,
        args=tuple(command) if command else container.args,
        env=_overridden(container.env, env or ()),
        user=user or container.user,
        working_dir=workdir or container.working_dir,
        container_name="",
        health=None,
    )
    task = replace(spec.task, container=changed, has_healthcheck=False)
    return run_once(session, connect(session), stack, replace(spec, task=task), sys.stdout.buffer, sys.stderr.buffer)


def _overridden(env: "Iterable[str]", more: "Iterable[str]") -> tuple[str, ...]:
    """One value for each variable, the later one: of two, programs would see the first."""
    return tuple({entry.partition("=")[0]: entry for entry in (*env, *more)}.values())
