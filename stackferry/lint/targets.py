"""Finds the Dockerfiles of a lint, in the order of the command line, each once.

    path -> a Dockerfile | those in a folder | those that a compose file names or contains

Unreadable files are reported, and all others are still linted.
"""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.finding import Finding
from stackferry.lint.names import is_compose_file, is_script, why_not
from stackferry.render.diagnostics import visible
from stackferry.session import Session


class Target(NamedTuple):
    """A Dockerfile. If its text is inside another file, `placed` moves a finding from the text to that file.

    `context` is its build context, None if unknown.
    """

    source: Source
    placed: Callable[[Finding], Finding] | None = None
    context: str | None = None


class Targets:
    """Finds and reads Dockerfiles. `failed`: a requested file could not be read, which was reported."""

    def __init__(self, session: Session, stdin_filename: str | None = None) -> None:
        self.failed = False
        self._session = session
        self._stdin_filename = stdin_filename
        self._seen: set[str] = set()

    def of(self, paths: tuple[str, ...]) -> Iterator[Target]:
        """The Dockerfiles of the given paths."""
        for path in paths:
            yield from self._of(path)

    def _of(self, path: str) -> Iterator[Target]:
        if path == "-":
            yield from self._named(self._stdin_filename or "-", self._session.stdin)
        elif self._session.files.is_dir(path):
            yield from self._folder(path)
        elif is_compose_file(path):
            yield from self._compose(path)
        else:
            yield from self._named(path)

    def _named(self, path: str, read: Callable[[], bytes] | None = None) -> Iterator[Target]:
        """A Dockerfile given by its path, unless its name says that it is something else."""
        reason = why_not(path)
        if reason:
            self._skip(path, reason)
        else:
            yield from self._file(path, read)

    def _file(
        self,
        path: str,
        read: Callable[[], bytes] | None = None,
        missing: Diagnostic | None = None,
        context: str | None = None,
    ) -> Iterator[Target]:
        """A Dockerfile by its path; `missing` is reported if it does not exist."""
        if read is None:
            known = os.path.realpath(path)
            if known in self._seen:
                return
            self._seen.add(known)
        try:
            content = read() if read else self._session.files.read(path)
        except FileNotFoundError as error:
            self._fail(missing or _unreadable(path, error))
            return
        except OSError as error:
            self._fail(_unreadable(path, error))
            return
        text = decoded(content)
        if is_script(path, text):
            self._skip(path, "not a Dockerfile: its first instruction is neither FROM nor ARG")
        else:
            yield Target(Source(text, path), context=context)

    def _folder(self, path: str) -> Iterator[Target]:
        from stackferry.lint.walk import dockerfiles_below

        found = None
        for found in dockerfiles_below(path, self._session.files.cwd):
            if found.failure:
                self._fail(Diagnostic("", Severity.ERROR, f"{found.path}: {found.failure}"))
            elif found.skipped:
                self._skip(found.path, found.skipped)
            else:
                yield from self._file(found.path)
        if found is None:
            self._session.note(f"no Dockerfile found in {visible(path)}")

    def _compose(self, path: str) -> Iterator[Target]:
        from stackferry.lint.compose import Inline, dockerfiles_of

        try:
            for found in dockerfiles_of(path, self._session):
                if isinstance(found, Inline):
                    yield Target(Source(found.text, found.path), found.block.placed, found.context)
                else:
                    told = f"services.{found.service}.build: Dockerfile {found.path} not found"
                    missing = Diagnostic("missing-dockerfile", Severity.ERROR, told, found.origin)
                    yield from self._file(found.path, missing=missing, context=found.context)
        except SourceError as error:
            self.failed = True
            self._session.report(error.diagnostics)

    def _fail(self, diagnostic: Diagnostic) -> None:
        self.failed = True
        self._session.report([diagnostic])

    def _skip(self, path: str, reason: str) -> None:
        self._session.note(f"{visible(path)} is skipped: {reason}")


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return Diagnostic("", Severity.ERROR, f"{path}: {error.strerror or error}", None)
