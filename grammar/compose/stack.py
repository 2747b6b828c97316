"""Loads one stack of compose files into one tree: runs every phase that works on one file, in order.

`load.py` calls it for the project's own files; includes and extended files come back here. A file goes
through: read → interpolate → include → extends → merge → unique → validate → long syntax → unique; then
the whole stack: defaults → exclusive values → absolute paths → resolved variables.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace

from stackferry.grammar.compose.phases.absolute import resolve_paths
from stackferry.grammar.compose.phases.adopted import adopt, adopted_paths
from stackferry.grammar.compose.phases.defaults import defaults
from stackferry.grammar.compose.phases.environment import read_env_files, resolve_sources
from stackferry.grammar.compose.phases.exclusive import check_exclusive
from stackferry.grammar.compose.phases.extends import Base, apply_extends, resets_by_service
from stackferry.grammar.compose.phases.include import import_resources, inclusions, locate, relative
from stackferry.grammar.compose.phases.interpolate import interpolate
from stackferry.grammar.compose.phases.longform import drop_empty, longform
from stackferry.grammar.compose.phases.merge import merge
from stackferry.grammar.compose.phases.template import Allowance
from stackferry.grammar.compose.phases.unique import unique
from stackferry.grammar.compose.syntax.short_forms import join
from stackferry.grammar.compose.tree.growth import Bounded, size
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import drop_paths
from stackferry.grammar.compose.tree.read import Document, read
from stackferry.grammar.compose.validate.misplaced import settle
from stackferry.grammar.compose.validate.schema import COMPOSE
from stackferry.grammar.compose.validate.shape import check, check_finite
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.source import Span

OVERRIDES = 10
"""How many documents may be merged whatever their size."""

DEEPEST = 50
"""Levels of include: people use two or three; an override file can close a cycle of includes."""


_INCLUSION = 200
"""Including a file costs as much as this many values."""


@dataclass(slots=True, eq=False)
class Shared:
    """What all files of one load share: how files are read, and what was found so far.

    `sources` maps file names to their text, `documents` to their parsed documents (a file that several
    services extend is read once). `unreadable` are the files with errors, `warned` the
    variables already reported as unset, `spent` the keys that only loading uses and that are not in the tree.
    `allowance` bounds what variables expand to; `endless` says whether any file has a number that is infinite or NaN.
    """

    files: Files
    report: Diagnostics
    show: Callable[[str], str]
    interpolate: bool = True
    resolve_paths: bool = True
    validate: bool = True
    stdin: Callable[[], bytes] | None = None
    sources: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[Document]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    warned: set[str] = field(default_factory=set)
    allowance: Allowance = field(default_factory=Allowance)
    endless: bool = False
    spent: list[tuple[Path, Span]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """The files that are loaded together, their directory and their variables.

    `directory` is the absolute project directory; paths in the tree are joined to `prefix`, which is the
    same directory relative to the including stack. `included` are the files on the way to this stack,
    `bases` the extended files that were read.
    """

    shared: Shared
    paths: tuple[str, ...]
    directory: str
    prefix: str
    environment: Mapping[str, str]
    included: tuple[str, ...] = ()
    bases: dict[str, Base] = field(default_factory=dict)

    def load(self) -> Node:
        """The merged tree of all files; problems are in `shared.report`."""
        root = Node({})
        listed = [(path, document) for path in self.paths for document in self.documents(path)]
        for number, (path, document) in enumerate(listed):
            self._count(number, root, document)
            root = self.add(root, document, path)
        root = defaults(root)
        if self.shared.validate:
            check_exclusive(root, self.shared.report)
        if self.shared.resolve_paths:
            root = resolve_paths(root, self.prefix, self.shared.files, self.shared.report)
        return resolve_sources(root, Bounded(self.environment, self.shared.report))

    def documents(self, path: str, origin: Span | None = None) -> list[Document]:
        """The YAML documents of a file; `origin` is the place that refers to it."""
        shared = self.shared
        if path not in shared.documents:
            told = shared.report.errors
            shared.documents[path] = self._read(path, origin)
            if shared.report.errors > told:
                shared.unreadable.add(path)
        return shared.documents[path]

    def _read(self, path: str, origin: Span | None) -> list[Document]:
        shared = self.shared
        name = shared.show(path)
        try:
            content = shared.stdin() if path == "-" and shared.stdin else shared.files.read(path)
        except OSError as error:
            shared.report.error("file-unreadable", f"cannot read {name}: {error.strerror or error}", origin)
            return []
        shared.sources[name] = content.decode("utf-8", "replace")
        found = read(name, content, shared.report)
        shared.endless = shared.endless or any(document.endless for document in found)
        return found

    def add(self, root: Node, document: Document, path: str) -> Node:
        """`root` with one document merged over it."""
        report = self.shared.report
        new = document.root
        if type(new.value) is not dict:
            report.error(
                "wrong-type", "the document: expected a mapping", new.span, "a compose file needs a top-level services:"
            )
            return root
        resets = adopted_paths(document.resets)
        new = settle(adopt(self._interpolated(new), report), root, report)
        new = self._with_includes(new, path, resets)
        root = drop_paths(root, resets)
        new = apply_extends(new, self.shared.show(path), resets, self, report)
        merged = unique(merge(root, new, report), report)
        if self.shared.endless and self.shared.validate:
            check_finite(merged, report)
        valid = check(merged, COMPOSE, (), report) or Node({}) if self.shared.validate else merged
        valid = self._without_version(valid)
        return unique(drop_empty(longform(valid, report, lenient=not self.shared.interpolate)), report)

    def _count(self, number: int, root: Node, document: Document) -> None:
        """Bound the number of large documents: adding one means handling all before it again."""
        if number >= OVERRIDES:
            self.shared.report.grow(size(root), "documents laid over each other", document.root.span)

    def _interpolated(self, root: Node) -> Node:
        if not self.shared.interpolate:
            return root
        shared = self.shared
        return interpolate(
            root, self.environment.get, shared.report, shared.warned, self.environment, shared.allowance, shared.sources
        )

    def _without_version(self, root: Node) -> Node:
        version = root.get("version")
        if version is None:
            return root
        self.shared.report.warning(
            "version-obsolete",
            "the attribute `version` is obsolete and is ignored",
            version.key_span,
            "remove the line",
        )
        self.spend(("version",), version)
        return root.without("version")

    def spend(self, path: Path, node: Node | None) -> None:
        """See `Bases.spend`."""
        if node is None:
            return
        for below, child in ((path, node), *node.walk(path)):
            if child.key_span is not None:
                self.shared.spent.append((below, child.key_span))

    def _with_includes(self, root: Node, path: str, resets: tuple[Path, ...]) -> Node:
        report = self.shared.report
        for origin, fields in inclusions(root, report):
            inclusion = locate(origin, fields, self.directory, self.shared.files, report)
            if inclusion is None:
                continue
            chain = (*self.included, path)
            if inclusion.paths[0] in chain:
                steps = "\n  includes ".join(self.shared.show(step) for step in (*chain, inclusion.paths[0]))
                report.error("include-cycle", f"files include each other in a cycle:\n  {steps}", origin.span)
                continue
            if len(chain) > DEEPEST:
                report.error(
                    "include-too-deep", f"files include each other more than {DEEPEST} levels deep", origin.span
                )
                continue
            files = origin.get("env_file") or origin
            variables = read_env_files(inclusion.env_files, self.environment, self.shared, files.span)
            for file in inclusion.paths:
                self.documents(file, origin.span)
            inner = replace(
                self,
                shared=replace(self.shared, resolve_paths=True),
                paths=inclusion.paths,
                directory=inclusion.directory,
                prefix=inclusion.prefix,
                environment={**variables, **self.environment},
                included=chain,
                bases={},
            )
            imported = inner.load()
            self.shared.endless = self.shared.endless or inner.shared.endless
            report.grow(size(imported) + _INCLUSION, "included files", origin.span)
            root = import_resources(imported, root, resets, report)
        if "include" in root.value:
            self.spend(("include",), root.value["include"])
        return root.without("include")

    def services_of(self, reference: Node) -> Base | None:
        """The services of an extended file, after the phases up to long syntax, paths relative to this stack.

        Validation waits for the merged service, as in Docker Compose: a base may be incomplete.
        """
        report, files = self.shared.report, self.shared.files
        path = join(self.directory, reference.value) if not reference.value.startswith("/") else reference.value
        if path in self.bases:
            return self.bases[path]
        documents = self.documents(path, reference.span)
        if not documents and path in self.shared.unreadable:
            return None
        root = Node({})
        resets: tuple[Path, ...] = ()
        for number, document in enumerate(documents):
            if type(document.root.value) is not dict:
                continue
            self._count(number, root, document)
            resets = adopted_paths(document.resets)
            new = adopt(self._interpolated(document.root), report)
            root = unique(merge(drop_paths(root, resets), new, report), report)
            root = unique(drop_empty(longform(root, report, lenient=not self.shared.interpolate)), report)
        root = resolve_paths(root, relative(path, self.directory, files), files, report)
        services = root.get("services")
        if services is None or type(services.value) is not dict:
            report.error("extends-unknown", f"{self.shared.show(path)} defines no services to extend", reference.span)
            return None
        self.bases[path] = Base(self.shared.show(path), services.value, resets_by_service(resets))
        return self.bases[path]
