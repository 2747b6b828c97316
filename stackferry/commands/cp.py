"""`stackferry cp`: files to and from running tasks, as `docker compose cp`."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Index
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackferry.emulator.engine.protocol import Engine

Place = "SERVICE:PATH|PATH|-"


@verb
def cp(
    session: Session,
    source: Annotated[str, Argument(metavar=Place, help="Source; - reads a tar from standard input.")],
    place: Annotated[str, Argument(metavar=Place, help="Destination; - writes a tar to standard output.")],
    index: Index = 0,
    archive: Annotated[bool, Option("-a", "--archive", help="Preserve the owners of files.")] = False,
    follow: Annotated[bool, Option("-L", "--follow-link", help="Follow symbolic links in the local source.")] = False,
    _all: Annotated[bool, Option("--all", hidden=True)] = False,
) -> int:
    """Copy files between this machine and a running task.

    To a service, files are copied into all of its tasks unless --index names one. The copies are lost when a task
    is replaced.
    """
    from stackferry.engine import connect
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.containers import running_container, running_tasks

    (source_of, source_path), (place_of, place_path) = _split(source), _split(place)
    if bool(source_of) is bool(place_of):
        what = "between services" if source_of else "without a service"
        raise StackferryError(
            f"cannot copy {what}", "specify SERVICE:PATH for one of them, and a local path for the other"
        )
    engine = connect(session)
    if source_of:
        _fetch(engine, running_container(session, source_of, index), source_path, place_path, owner=archive)
        return 0
    if index or "." in place_of:
        containers = [running_container(session, place_of, index)]
    else:
        containers = [task.container_id for task in running_tasks(session, [place_of])[1]]
    if not containers:
        raise StackferryError(f"service {place_of!r} is not running", "show its tasks with `stackferry ps`")
    if source_path == "-":
        _pass_on(engine, containers, place_path)
        return 0
    for container in containers:
        _send(engine, container, source_path, place_path, follow=follow, owner=archive)
    return 0


def _split(text: str) -> tuple[str, str]:
    """The service and the path; no service of a path here, as docker tells them apart."""
    name, found, path = text.partition(":")
    return ("", text) if not found or name.startswith((".", "/")) or "/" in name else (name, path)


def _fetch(engine: "Engine", container: str, source: str, place: str, *, owner: bool) -> None:
    from contextlib import closing

    from stackferry.containers.archive import blocks, is_directory_here, is_directory_in, opened, target, unpack

    with closing(engine.get_archive(container, source)) as content:
        if place == "-":
            sys.stdout.buffer.writelines(blocks(content))
            return
        with opened(content) as tar:
            unpack(tar, target(source, is_directory_in(tar), place, is_directory_here), owner=owner)


def _pass_on(engine: "Engine", containers: "Sequence[str]", place: str) -> None:
    """A tar of standard input: kept on disk, since it may be for several tasks."""
    import shutil
    import tempfile

    from stackferry.containers.archive import blocks

    with tempfile.TemporaryFile() as content:
        shutil.copyfileobj(sys.stdin.buffer, content)
        for container in containers:
            content.seek(0)
            engine.put_archive(container, place, blocks(content))


def _send(engine: "Engine", container: str, source: str, place: str, *, follow: bool, owner: bool) -> None:
    import os
    import posixpath

    from stackferry.containers.archive import pack, target

    # In a container, a relative path begins at /.
    to = target(
        source, os.path.isdir(source), posixpath.join("/", place), lambda path: engine.is_directory(container, path)
    )
    parent, name = posixpath.split(to)
    engine.put_archive(container, parent or "/", pack(source, name, follow=follow, owner=owner))
