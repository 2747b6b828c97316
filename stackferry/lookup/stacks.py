"""Finds the running stack of a command: the one of `-p`, else of the compose file in the folder.

Reads the compose file only for the stack's name. Reads stores, never asks an engine; `lookup.py` goes on from here.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.store.directories import Home, home, stacks
from stackferry.emulator.store.store import Store
from stackferry.grammar.diagnostics import Diagnostics, SourceError, StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import did_you_mean
from stackferry.lookup.compose_files import Reading, discovered, mentions
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.discover import Discovered

_MAY_NAME = re.compile(rb"""(?:^|[\s{,"'])name["']?\s*:""", re.MULTILINE)


def may_be_stack(name: str) -> bool:
    """Whether a stack can have this name, which also becomes a folder name."""
    return _LEGAL.fullmatch(name) is not None


_LEGAL = regex(r"[a-z0-9][a-z0-9_-]*")
"""The name of a stack, which is also a folder name."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stack as currently stored."""

    stack: str
    home: Home
    cluster: Cluster

    def services(self) -> list[Service]:
        """The services that are not being removed."""
        return [one for one in self.cluster.services.values() if not one.removed]

    def short(self, service: Service) -> str:
        """The name of a service in the compose file."""
        return service.spec.name.removeprefix(f"{self.stack}_")


def stack_name(session: Session) -> str:
    """The name of the chosen stack, running or not; raises SourceError without a compose file."""
    name = session.stack.project_name or session.environment.get("COMPOSE_PROJECT_NAME")
    if name and not may_be_stack(name):
        from stackferry.grammar.compose.discover import project_name

        report = Diagnostics()
        project_name(name, {}, lambda: None, "", report)
        raise SourceError(report)
    return name or _of_files(session)


def _of_files(session: Session) -> str:
    from stackferry.grammar.compose.discover import project_name

    found, reading = _discovered(session)
    contents = [session.stdin() if path == "-" else session.files.read(path) for path in found.files]
    said = [name for content in contents if _MAY_NAME.search(content or b"") for name in _names(content or b"")]

    def written() -> str | None:
        from stackferry.grammar.compose.phases.template import TemplateError, substitute

        try:
            return substitute(said[-1], found.environment.get, lambda _: None) if said else None
        except TemplateError:
            return None

    name = project_name(None, found.environment, written, found.directory, reading.report)
    if reading.report.failed:
        raise SourceError(reading.report)
    return name


def _names(content: bytes) -> Iterator[str]:
    """The `name:` of each document in a file; empty if it cannot be parsed, which other commands report."""
    import yaml

    try:
        for root in yaml.compose_all(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
                if key.value == "name" and isinstance(value.value, str) and value.value:
                    yield value.value
    except yaml.YAMLError:
        return


def _discovered(session: Session) -> "tuple[Discovered, Reading]":
    found, reading = discovered(session, session.stack)
    if reading.report.failed:
        raise SourceError(reading.report)
    return found, reading


def may_be_service(session: Session, word: str) -> bool:
    """Whether the stack's files contain `word:`: then `config ls` may mean a service called `ls`."""
    try:
        found, _ = _discovered(session)
    except StackferryError:
        return False
    return mentions(session.files, found.files, word)


def look(session: Session, stack: str) -> Found | None:
    """A stack by its name; None if it has no store."""
    if not may_be_stack(stack):
        return None
    place = home(session.environment, stack)
    if not place.database.is_file():
        return None
    store = Store(place.database)
    try:
        return Found(stack, place, store.load())
    finally:
        store.close()


def chosen(session: Session) -> Found:
    """The chosen stack; raises if it has no store."""
    name = stack_name(session)
    found = look(session, name)
    if found is None:
        raise nothing_in(session, name)
    return found


def nothing_in(session: Session, stack: str) -> StackferryError:
    """Docker's error for a stack that does not exist."""
    hint = did_you_mean(stack, stacks(session.environment))
    return StackferryError(
        f"nothing found in stack: {stack}", hint or "start the stack of a compose file with `stackferry up`"
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """The stacks that docker's commands search: one with `-p`, else all. `own`: the chosen stack's name, if any."""

    own: str
    stacks: list[Found]


def reach(session: Session) -> Reach:
    """The stacks that docker's commands search in this session."""
    explicit = session.stack.project_name
    own = explicit or quiet_name(session)
    found = (look(session, name) for name in ([explicit] if explicit else stacks(session.environment)))
    return Reach(own, [one for one in found if one is not None])


def quiet_name(session: Session) -> str:
    """The chosen stack's name; empty if no compose file gives one."""
    try:
        return stack_name(session)
    except (StackferryError, OSError):
        return ""


@contextmanager
def changing(found: Found) -> Iterator[Store]:
    """Open the store of a stack to change it."""
    store = Store(found.home.database)
    try:
        yield store
    finally:
        store.close()


def change(session: Session, found: Found, edit: Callable[[Cluster], Cluster]) -> Found:
    """Change a stack in one transaction, and wake or start its manager; returns the stack as it was written."""
    from stackferry.emulator.manager.presence import ensure_running

    with changing(found) as store:
        after = store.change(edit)
    ensure_running(found.home, found.stack, session.environment)
    return replace(found, cluster=after)
