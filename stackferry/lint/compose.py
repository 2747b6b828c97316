"""Finds the Dockerfiles that a compose file names, and those inside it (`dockerfile_inline`).

The only part of a lint that loads a stack; imported only if a compose file is named.
"""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.syntax.short_forms import is_remote
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.source import Span
from stackferry.lint.inline import Block
from stackferry.session import Session


class Named(NamedTuple):
    """A Dockerfile that a service is built from: its displayed path, and the span in the compose file.

    `context` is the absolute path of its build context.
    """

    path: str
    service: str
    origin: Span | None
    context: str


class Inline(NamedTuple):
    """A Dockerfile inside a compose file, which is displayed as `path`. `context` is None if it is remote."""

    path: str
    text: str
    block: Block
    context: str | None


def dockerfiles_of(path: str, session: Session) -> Iterator[Named | Inline]:
    """The Dockerfiles of all services of a compose file, in any profile, by service name.

    Raises SourceError with all errors in the file. Remote builds (git, http) are skipped.
    """
    request = Request(
        files=(path,), profiles=("*",), normalise=False, check_consistency=False, resolve_environment=False
    )
    loaded = load(request, files=session.files, environment=session.environment, stdin=session.stdin)
    services = loaded.tree.get("services")
    for name, service in (services.value if services else {}).items():
        build = service.get("build")
        if build is None or type(build.value) is not dict:
            continue
        inline, context = build.get("dockerfile_inline"), build.get("context")
        folder = str(context.value) if context is not None else loaded.directory
        if inline is not None and type(inline.value) is str:
            yield _inline(path, inline, loaded.sources, None if is_remote(folder) else folder)
        elif not is_remote(folder):
            yield _named(name, build, folder, session.files.cwd, absolute=os.path.isabs(path))


def _inline(path: str, node: Node, sources: Mapping[str, str], context: str | None) -> Inline:
    origin = node.span or Span(path, 1, 1)
    return Inline(origin.source, node.value, Block(sources.get(origin.source, ""), origin, node.value), context)


def _named(service: str, build: Node, folder: str, cwd: str, *, absolute: bool) -> Named:
    dockerfile = build.get("dockerfile")
    written = str(dockerfile.value) if dockerfile is not None else "Dockerfile"
    path = os.path.normpath(os.path.join(folder, written))
    if dockerfile is None and not os.path.exists(path) and os.path.exists(os.path.join(folder, "dockerfile")):
        # As BuildKit, which also tries the default name in lower case.
        path = os.path.join(folder, "dockerfile")
    origin = (dockerfile or build.get("context") or build).span
    relative = os.path.relpath(path, cwd)
    return Named(path if absolute or relative.startswith("..") else relative, service, origin, folder)
