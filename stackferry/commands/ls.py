"""`stackferry ls` as compose lists projects, `stack ls` as docker lists stacks."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.common import Format
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackferry.lookup.stacks import Found
    from stackferry.render.filters import Test


@verb
def ls(
    session: Session,
    form: Annotated[Literal["table", "json"], Option("--format", help="Output format.")] = "table",
    quiet: Annotated[bool, Option("-q", "--quiet", help="Only print names.")] = False,
    filter_: Annotated[
        list[str] | None, Option("--filter", metavar="name=TEXT", help="Only stacks whose name contains this text.")
    ] = None,
    _all_: Annotated[bool, Option("-a", "--all", help="Accepted; stopped stacks are always included.")] = False,
) -> int:
    """List the stacks that run here.

    MANAGER tells whether a process looks after the stack.
    """
    from stackferry.emulator.manager.lock import manager_pid
    from stackferry.lookup.unmanaged import all_as_they_are
    from stackferry.render.columns import columns
    from stackferry.render.filters import select

    tests: Mapping[str, Test[Found]] = {"name": lambda one, text: text in one.stack}
    chosen = select(_all(session), filter_, tests)
    found = [(one, manager_pid(one.home)) for one in (chosen if quiet else all_as_they_are(session, chosen))]
    if quiet:
        text = "".join(f"{one.stack}\n" for one, _ in found)
    elif form == "json":
        rows = [
            {"Name": one.stack, "Status": _status(one), "ConfigFiles": _files(one), "Manager": pid or 0}
            for one, pid in found
        ]
        text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False) + "\n"
    else:
        text = columns(
            [
                ("NAME", "STATUS", "MANAGER", "CONFIG FILES"),
                *((one.stack, _status(one), str(pid or "none"), _files(one)) for one, pid in found),
            ]
        )
    sys.stdout.write(text)
    return 0


@verb
def stack_ls(session: Session, form: Format = None) -> int:
    """List stacks."""
    from stackferry.render.format import Shape, listing

    shape = Shape({"Name": "NAME", "Services": "SERVICES"}, ("Name", "Services"), "Name")
    rows = [{"Name": one.stack, "Services": str(len(one.services()))} for one in _all(session) if one.services()]
    sys.stdout.write(listing(shape, rows, form))
    return 0


def _all(session: Session) -> "list[Found]":
    from stackferry.emulator.store.directories import stacks
    from stackferry.lookup.stacks import look
    from stackferry.render.columns import natural

    found = (look(session, name) for name in sorted(stacks(session.environment), key=natural))
    # One without services has been removed, but for secrets of its deployment perhaps.
    return [one for one in found if one is not None and not one.cluster.gone]


def _status(found: "Found") -> str:
    """As compose: `running(3), failed(1)`, of the tasks that are wanted."""
    counts: dict[str, int] = {}
    for task in found.cluster.tasks.values():
        if task.wanted:
            counts[str(task.state)] = counts.get(str(task.state), 0) + 1
    return ", ".join(f"{state}({count})" for state, count in sorted(counts.items(), key=lambda one: -one[1]))


def _files(found: "Found") -> str:
    from stackferry.emulator.control.deployment import StackRecord
    from stackferry.lookup.stacks import changing

    with changing(found) as store:
        record = store.document("stack", StackRecord)
    return ",".join(record.files) if record is not None else ""
