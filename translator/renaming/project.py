"""Rewrites the texts of a project, and its files, to the host names in the cluster; every change is reported.

Runs before the translation, so that all passes see the new names. Files are not changed on disk: `replaced` of the
result holds the content for the cluster.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from stackferry.grammar.compose.model.attachments import Hook
from stackferry.grammar.compose.model.container import Container
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Config
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.mentions import GAP, is_no_host
from stackferry.translator.discovery.texts import Text, Texts
from stackferry.translator.host import Host
from stackferry.translator.notes import Notes, Path
from stackferry.translator.renaming.renames import MACHINE, Renames
from stackferry.translator.renaming.rewriting import Rewritten, rewrite


@dataclass(frozen=True, slots=True)
class Renamed:
    """The project with the new names, and the content of files that changed, by full path.

    `tasks` are the services whose tasks are named one by one somewhere.
    """

    project: Project
    replaced: Mapping[str, bytes]
    tasks: frozenset[str] = frozenset()


def rename(project: Project, renames: Renames, host: Host, notes: Notes) -> Renamed:
    """Rewrite every text of the project."""
    writer = _Writer(renames, notes)
    texts = Texts(project, host)
    for section, workloads in (("services", project.services), ("jobs", project.jobs)):
        for name, workload in workloads.items():
            writer.read(texts.of(workload, (section, name)))
    if not writer.found and not writer.files:
        return Renamed(project, {})
    changed = replace(
        project,
        services={name: writer.workload(one, ("services", name)) for name, one in project.services.items()},
        jobs={name: writer.workload(one, ("jobs", name)) for name, one in project.jobs.items()},
        configs={key: writer.config(one, key) for key, one in project.configs.items()},
    )
    return Renamed(changed, writer.files, frozenset(writer.tasks))


@dataclass(slots=True)
class _Writer:
    """`found` are the new texts by the path of their key, `files` the new contents; unchanged texts are in neither."""

    renames: Renames
    notes: Notes
    found: dict[Path, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    _told: set[tuple[Path, str]] = field(default_factory=set)

    def read(self, texts: Iterable[Text]) -> None:
        for text in texts:
            if (text.path, text.called) in self._told:
                # A config that several services mount is rewritten once.
                continue
            self._told.add((text.path, text.called))
            done = rewrite(text.text, text.key, self.renames)
            if done.changes and not text.is_built_in:
                if text.file is not None:
                    self.files[text.file] = done.text.encode("utf-8", "surrogateescape")
                else:
                    self.found[text.path] = done.text
                hosts = (before.partition(":")[0] for before, _ in done.changes)
                self.tasks.update(filter(None, map(self.renames.of_tasks, hosts)))
            self._note(text, done)

    def _note(self, text: Text, done: Rewritten) -> None:
        # If a key of the stack file is the whole text, the note's path already says where.
        where = f" in {text.called}" if text.file is not None or text.path[-1] == "build" else ""
        if text.is_built_in:
            names = ", ".join(dict.fromkeys(before for before, _ in done.changes))
            if names:
                self.notes.action(
                    text.path,
                    "kubernetes-name-built-in",
                    f"{names}{where}: the name is built into the image, but does not resolve in the cluster",
                    f"write {', '.join(dict.fromkeys(after for _, after in done.changes))} there",
                )
            return
        for before, after in done.changes:
            machine = before.partition(":")[0] in MACHINE
            self.notes.approximated(
                text.path,
                "kubernetes-rewritten",
                f"{before} -> {after}{where}" + (": your machine, on minikube" if machine else ""),
                "on other clusters, write the address of your machine" if machine else "",
            )
        for name in done.left:
            service = self.renames.of_tasks(name)
            if service is not None:
                self.notes.approximated(
                    text.path,
                    "kubernetes-tasks",
                    (
                        f"{name}{where} is not recognized as a host name here; unchanged, and it does not"
                        " resolve in the cluster"
                    ),
                    f"with deploy.endpoint_mode: dnsrr, the name {self.renames.services[service]} is each task's",
                )
                continue
            message = f"{name}{where} is not recognized as a host name here; unchanged"
            rewritten = {before.partition(":")[0] for before, _ in done.changes}
            if text.file is None and (is_no_host(text.key) or name in rewritten):
                # A database or a user with the name of the service, beside its host.
                self.notes.approximated(text.path, "kubernetes-name-left", message)
                continue
            hint = f"write {self.renames.new(name)} if it means the service"
            self.notes.action(text.path, "kubernetes-name-left", message, hint)

    def config(self, config: Config, key: str) -> Config:
        """A config with its new content."""
        content = self.found.get(("configs", key, "content"))
        return config if content is None else replace(config, content=content)

    def workload(self, original: Any, top: Path) -> Any:
        """A service or job with the new texts."""
        changed = self._container(original, top)
        test = self.found.get((*top, "healthcheck", "test")) or self.found.get((*top, "build"))
        if test is not None:
            # The test of a Dockerfile becomes the service's own: its times stay the image's.
            changed["healthcheck"] = replace(original.healthcheck or Healthcheck(), test=tuple(test.split(GAP)))
        if isinstance(original, Service):
            before = tuple(
                replace(each, **self._container(each, (*top, "pre_start", index)))
                for index, each in enumerate(original.pre_start)
            )
            changed.update({"pre_start": before} if before != original.pre_start else {})
            for key in ("post_start", "pre_stop"):
                hooks: tuple[Hook, ...] = getattr(original, key)
                done = tuple(replace(hook, **self._hook(hook, (*top, key, index))) for index, hook in enumerate(hooks))
                changed.update({key: done} if done != hooks else {})
        return replace(original, **changed) if changed else original

    def _container(self, container: Container, top: Path) -> dict[str, Any]:
        changed: dict[str, Any] = self._environment(container.environment, top)
        for key in ("command", "entrypoint"):
            words = self._words(getattr(container, key), (*top, key))
            if words is not None:
                changed[key] = words
        return changed

    def _hook(self, hook: Hook, top: Path) -> dict[str, Any]:
        words = self._words(hook.command, (*top, "command"))
        return {**self._environment(hook.environment, top), **({} if words is None else {"command": words})}

    def _environment(self, environment: Mapping[str, str | None], top: Path) -> dict[str, Any]:
        new = {name: self.found[where] for name in environment if (where := (*top, "environment", name)) in self.found}
        return {"environment": {**environment, **new}} if new else {}

    def _words(self, words: tuple[str, ...] | None, path: Path) -> tuple[str, ...] | None:
        return tuple(self.found[path].split(GAP)) if words and path in self.found else None
