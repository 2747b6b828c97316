"""Loads a stack: runs the phases in order, and does nothing else.

discover → (stack.py, file by file: read → interpolate → include → extends → merge → unique → validate →
long syntax) → normalise → typed → profiles → consistency → scale → env files. docs/loading.md shows each phase
with an example. Reads the disk only through the `Files` it is given.
"""

import os
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from stackferry.grammar.compose.discover import Asked, Discovered, discover, project_name
from stackferry.grammar.compose.output.canonical import canonical, canonical_json, raw, raw_json
from stackferry.grammar.compose.phases.environment import resolve_jobs, resolve_services
from stackferry.grammar.compose.phases.normalise import normalise, unite_scale
from stackferry.grammar.compose.phases.profiles import (
    Selection,
    build_sources,
    enable,
    profiles_of,
    restrict,
    select,
    warn_of_unknown,
    without_unused,
)
from stackferry.grammar.compose.phases.template import TemplateError, substitute
from stackferry.grammar.compose.phases.typed import typed
from stackferry.grammar.compose.stack import Shared, Stack
from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.growth import Bounded
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import named
from stackferry.grammar.compose.tree.written import Key, written
from stackferry.grammar.compose.validate.consistency import Off, check_consistency
from stackferry.grammar.compose.validate.container_names import check_container_names
from stackferry.grammar.compose.validate.schedules import warn_of_schedules
from stackferry.grammar.diagnostics import Diagnostic, Diagnostics, SourceError
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.source import Span

if TYPE_CHECKING:
    from stackferry.grammar.compose.model.model import Project


@dataclass(frozen=True, slots=True)
class Request:
    """What to load, and how far. The defaults are those of `docker compose config`, but for `check_named`.

    `files` in order, `-` is standard input; none: COMPOSE_FILE, else the default names. `services`
    restricts the stack to these and their dependencies. `check_named`: also check services that are
    enabled only because they are named; docker compose does not. Without `validate`, keys and types of values may be
    anything; only a stack that is not interpolated may go without.
    """

    files: tuple[str, ...] = ()
    project_name: str | None = None
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str | None = None
    services: tuple[str, ...] = ()
    interpolate: bool = True
    normalise: bool = True
    resolve_paths: bool = True
    check_consistency: bool = True
    check_named: bool = True
    resolve_environment: bool = True
    validate: bool = True
    all_resources: bool = False

    def __post_init__(self) -> None:
        """Accept a single name instead of a list, and any kind of list."""
        for field in ("files", "profiles", "env_files", "services"):
            given: object = getattr(self, field)
            names = (given,) if isinstance(given, str | os.PathLike) else given
            if not isinstance(names, Iterable) or isinstance(names, bytes | Mapping):
                raise TypeError(f"Request({field}=…) takes names, not {given!r}")
            object.__setattr__(self, field, tuple(self._text(field, name) for name in names))
        for field in ("project_name", "project_directory"):
            value: object = getattr(self, field)
            if value is not None:
                object.__setattr__(self, field, self._text(field, value))

    @staticmethod
    def _text(field: str, given: object) -> str:
        if isinstance(given, str | os.PathLike) and isinstance(name := os.fspath(given), str):
            return name
        raise TypeError(f"Request({field}=…) takes text, not {given!r}")


class Trees(NamedTuple):
    """The result of a load.

    The canonical tree; the same with unused resources; the tree for the model, which also has what jobs need;
    disabled services and jobs; and services that were left out but whose images a build copies from.
    """

    tree: Node
    whole: Node
    wanted: Node
    disabled: Mapping[str, Node]
    disabled_jobs: Mapping[str, Node]
    unused: frozenset[Path]
    copied: Mapping[str, Node] = {}


class Loaded:
    """A loaded stack: the canonical tree with its origins, and the model, which is made on first use."""

    def __init__(
        self,
        name: str,
        found: Discovered,
        request: Request,
        trees: "Trees",
        diagnostics: tuple[Diagnostic, ...],
        shared: Shared,
        name_from: str | None,
    ) -> None:
        self.name = name
        self.directory = found.directory
        self.files = found.files
        self.profiles = found.profiles
        self.environment: Mapping[str, str] = found.environment
        self.tree = trees.tree
        self.disabled = trees.disabled
        self.unused = trees.unused
        self.diagnostics = diagnostics
        self.sources: Mapping[str, str] = shared.sources
        self.interpolated = request.interpolate
        # The setting that chose the name; None if the files or the directory did.
        self.name_from = name_from
        self._request = request
        self._trees = trees
        self._spent = tuple(shared.spent)

    @cached_property
    def project(self) -> "Project":
        """The typed model."""
        # Importing the model's fifty dataclasses costs as much as loading a small stack.
        from stackferry.grammar.compose.assemble import Disabled, assemble

        disabled = Disabled({**self._trees.copied, **self.disabled}, self._trees.disabled_jobs)
        return assemble(self._trees.wanted, disabled, self.name, self.directory, self.environment)

    def origin(self, path: Path | str) -> Span | None:
        """Where the value at a path of the model was written; None if a phase added it, or if there is none.

        A path may also be text as in messages: `services.web.ports[0]`.
        """
        if not isinstance(path, str | list | tuple):
            raise TypeError(f"origin() takes a path such as 'services.web.image', not {path!r}")
        # Resources that only jobs use are not in the canonical tree, nor are variables from a job's env files.
        for tree in (self.tree, self._trees.wanted):
            found = named(tree, path) if isinstance(path, str) else tuple(path)
            node = tree.at(found) if found is not None else None
            if node is not None:
                return node.span
        return None

    def keys(self) -> Iterator[Key]:
        """Every key and list item that a file wrote, as paths of the canonical tree, with its place.

        Includes keys that only loading uses (`extends`, `include`, `version`), and those of resources that
        no enabled service uses (`unused` has their paths). All keys of one service or resource come together.
        """
        return written(self._trees.whole, self._spent)

    def canonical(self) -> dict[str, Any]:
        """The document that `config` prints as YAML."""
        if not self.interpolated:
            return raw(self.tree)  # type: ignore[no-any-return]
        return canonical(self.tree, self.name, self._request.resolve_environment)

    def canonical_json(self) -> dict[str, Any]:
        """The document that `config --format json` prints."""
        if not self.interpolated:
            return raw_json(self.tree)  # type: ignore[no-any-return]
        return canonical_json(self.tree, self.name, self._request.resolve_environment)


def load(
    request: Request,
    *,
    files: Files,
    environment: Mapping[str, str],
    stdin: Callable[[], bytes] | None = None,
) -> Loaded:
    """Load a stack; raises SourceError with every problem in its files.

    `environment` replaces the process's environment, `files` is the only access to the disk.
    """
    if not isinstance(request, Request):
        raise TypeError(f"load() takes a Request, not {request!r}: write Request(files=…), or call stackferry.load()")
    report = Diagnostics()
    shared = Shared(
        files,
        report,
        show=lambda path: _shown(path, files.cwd),
        interpolate=request.interpolate,
        resolve_paths=request.resolve_paths,
        validate=request.validate,
        stdin=stdin,
    )
    asked = Asked(request.files, request.env_files, request.project_directory, request.profiles)
    found = discover(asked, environment, shared)
    _stop_if_failed(report)
    name = _name(request, found, shared)
    name_from = _name_from(request, found)
    variables = {**found.environment, "COMPOSE_PROJECT_NAME": name}
    found = found._replace(environment=variables)
    # Without interpolation, nothing comes from the environment either.
    seen = variables if request.interpolate else {}
    root = Stack(shared, found.files, found.directory, found.directory, seen).load()
    if not root.value and not report.failed:
        report.error("empty", "the compose file is empty", None, "a compose file needs a top-level services:")
        _stop_if_failed(report)
    if request.normalise:
        root = normalise(root, name, Bounded(seen, report), report)
    if not request.interpolate:
        trees = Trees(root, root, root, {}, {}, frozenset())
        return Loaded(name, found, request, trees, _finish(report), shared, name_from)
    broken = _broken(root, report)
    selection = select(typed(root, report), found.profiles)
    warn_of_unknown(request.profiles, selection, report)
    if request.check_consistency:
        selection = _checked(selection, broken, report)
    extra = profiles_of(request.services, selection)
    if extra:
        selection = enable(selection, {*found.profiles, *extra})
        if request.check_consistency and request.check_named:
            selection = _checked(selection, broken, report)
    tree = selection.root
    tree = resolve_services(tree, Bounded(variables, report), shared, request.resolve_environment)
    whole = restrict(tree, request.services, report, selection.disabled)
    copied = build_sources(tree, whole)
    if request.check_consistency:
        check_container_names(whole, report)
    tree = whole if request.all_resources else without_unused(whole)
    wanted = whole if request.all_resources else without_unused(whole, WORKLOADS, copied.values(), pre_start=True)
    wanted = resolve_jobs(wanted, Bounded(variables, report), shared)
    warn_of_schedules(wanted, report)
    trees = Trees(tree, whole, wanted, selection.disabled, selection.disabled_jobs, _missing(whole, wanted), copied)
    return Loaded(name, found, request, trees, _finish(report), shared, name_from)


def _checked(selection: Selection, broken: frozenset[str], report: Diagnostics) -> Selection:
    """The selection of enabled services; inconsistencies between them are reported."""
    check_consistency(selection.root, Off(selection.disabled, selection.disabled_jobs), broken, report)
    return selection._replace(root=unite_scale(selection.root))


def _missing(whole: Node, tree: Node) -> frozenset[Path]:
    """The resources that were left out because no service uses them."""
    return frozenset(
        (kind, name)
        for kind, section in whole.value.items()
        if tree.get(kind) is not section and type(section.value) is dict
        for name in section.value
        if tree.at((kind, name)) is None
    )


def _finish(report: Diagnostics) -> tuple[Diagnostic, ...]:
    _stop_if_failed(report)
    return tuple(report)


def _stop_if_failed(report: Diagnostics) -> None:
    if report.failed:
        raise SourceError(report)


def _shown(path: str, cwd: str) -> str:
    """A path for messages: relative if the file is below the working directory."""
    if path == "-" or not path.startswith("/"):
        return path
    relative = os.path.relpath(path, cwd)
    return path if relative.startswith("..") else relative


def _name(request: Request, found: Discovered, shared: Shared) -> str:
    """The project name; the files are read for it first of all, because `name:` may use variables."""
    stack = Stack(shared, found.files, found.directory, found.directory, found.environment)

    def written() -> str | None:
        name = None
        for path in found.files:
            for document in stack.documents(path):
                said = document.root.get("name")
                if said is not None and type(said.value) is str and said.value:
                    name = said.value
        if name is None or "$" not in name or not request.interpolate:
            return name
        try:
            return substitute(name, found.environment.get, lambda _: None)
        except TemplateError:
            # Reported with its place when the file is interpolated.
            return "invalid"

    return project_name(request.project_name, found.environment, written, found.directory, shared.report)


def _name_from(request: Request, found: Discovered) -> str | None:
    """The setting that overrides the files' `name:`."""
    if request.project_name:
        return "-p"
    return "COMPOSE_PROJECT_NAME" if found.environment.get("COMPOSE_PROJECT_NAME") else None


def _broken(root: Node, report: Diagnostics) -> frozenset[str]:
    """Services that already have an error: further errors may only be its consequences.

    The faulty value is no longer in the tree. So an error belongs to the service whose key, or one of whose own keys,
    precedes it.
    """
    services = root.get("services")
    if not report.failed or services is None or type(services.value) is not dict:
        return frozenset()
    places: dict[str, list[tuple[int, int, str]]] = {}
    for name, service in services.value.items():
        for node in (service, *(service.value.values() if type(service.value) is dict else ())):
            if (span := node.key_span) is not None:
                places.setdefault(span.source, []).append((span.line, span.column, name))
    for found in places.values():
        found.sort()
    broken = set()
    for span in (one.span for one in report if one.span is not None):
        before = places.get(span.source, [])
        index = bisect(before, (span.line, span.column, "\uffff"))
        if index:
            broken.add(before[index - 1][2])
    return frozenset(broken)
