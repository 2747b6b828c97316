"""Which running stack a command means: that of `-p`, else that of the compose file of the folder.

The file is looked at for the stack's name alone. Reads stores, never an engine; `finding.py` goes on from here.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.cluster import Cluster, Service
from emulator.home import Home, home, stacks
from emulator.store import Store
from grammar.diagnostics import Diagnostics, SourceError, StackferryError
from grammar.files import Files
from grammar.suggest import did_you_mean
from stackferry.session import Session

if TYPE_CHECKING:
    from grammar.compose.discover import Discovered

_MAY_NAME = re.compile(rb"""(?:^|[\s{,"'])name["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """A stack as its store has it at this moment."""

    stack: str
    home: Home
    cluster: Cluster

    def services(self) -> list[Service]:
        """Those that are not on their way out."""
        return [one for one in self.cluster.services.values() if not one.removed]

    def short(self, service: Service) -> str:
        """The name of a service as in the compose file."""
        return service.spec.name.removeprefix(f"{self.stack}_")


def stack_name(session: Session) -> str:
    """The name of the chosen stack, whether it runs or not; raises SourceError if there is no compose file."""
    name = session.stack.project_name or session.environment.get("COMPOSE_PROJECT_NAME")
    return name or _of_files(session)


def _of_files(session: Session) -> str:
    from grammar.compose.discover import project_name

    found, reading = _discovered(session)
    contents = [session.stdin() if path == "-" else session.files.read(path) for path in found.files]
    if not any(_MAY_NAME.search(content or b"") for content in contents):
        return project_name(None, found.environment, lambda: None, found.directory, reading.report)
    from grammar.compose.load import load
    from stackferry.stack import requested

    return load(requested(session), files=session.files, environment=session.environment, stdin=session.stdin).name


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the search for compose files needs of a load."""

    files: Files
    report: Diagnostics
    show: Callable[[str], str]
    warned: set[str]


def _discovered(session: Session) -> "tuple[Discovered, _Reading]":
    from grammar.compose.discover import Asked, discover

    choice = session.stack
    reading = _Reading(session.files, Diagnostics(), str, set())
    asked = Asked(choice.files, choice.env_files, choice.project_directory, choice.profiles)
    found = discover(asked, session.environment, reading)
    if reading.report.failed:
        raise SourceError(reading.report)
    return found, reading


def may_be_service(session: Session, word: str) -> bool:
    """Whether the stack's files say `word:` somewhere: then `config ls` may mean a service called `ls`."""
    try:
        found, _ = _discovered(session)
    except StackferryError:
        return False
    key = re.compile(rb"""(?:^|[\s{,"'])%s["']?\s*:""" % re.escape(word.encode()), re.MULTILINE)
    return any(key.search(session.files.read(path) or b"") for path in found.files if path != "-")


def look(session: Session, stack: str) -> Found | None:
    """A stack by its name; None if there is no store of it."""
    place = home(session.environment, stack)
    if not place.database.is_file():
        return None
    store = Store(place.database)
    try:
        return Found(stack, place, store.load())
    finally:
        store.close()


def chosen(session: Session) -> Found:
    """The chosen stack; raises if nothing is known of it."""
    name = stack_name(session)
    found = look(session, name)
    if found is None:
        raise nothing_in(session, name)
    return found


def nothing_in(session: Session, stack: str) -> StackferryError:
    """Docker's words for a stack that is not there."""
    hint = did_you_mean(stack, stacks(session.environment))
    return StackferryError(
        f"nothing found in stack: {stack}", hint or "`stackferry up` runs the stack of a compose file"
    )


def every(session: Session) -> Iterator[Found]:
    """The stacks that docker's words reach: that of `-p`, else the one of the folder first, then all others."""
    explicit = session.stack.project_name
    first = explicit or quiet_name(session)
    names = [explicit] if explicit else sorted(stacks(session.environment), key=lambda name: name != first)
    for name in names:
        found = look(session, name)
        if found is not None:
            yield found


def quiet_name(session: Session) -> str:
    """The chosen stack's name; empty if no compose file says one."""
    try:
        return stack_name(session)
    except (StackferryError, OSError):
        return ""


@contextmanager
def changing(found: Found) -> Iterator[Store]:
    """The store of a stack, to change it."""
    store = Store(found.home.database)
    try:
        yield store
    finally:
        store.close()


def change(session: Session, found: Found, edit: Callable[[Cluster], Cluster]) -> Cluster:
    """Change a stack in one transaction, and wake its manager; it is started if none runs."""
    from emulator.manager import ensure_running

    with changing(found) as store:
        after = store.change(edit)
    ensure_running(found.home, found.stack, session.environment)
    return after
