"""The texts of a stack in which a service may name another one: variables, commands, health checks, mounted files.

Files are small texts that come with the project; large or binary files are taken to name no service.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import NamedTuple

from stackferry.grammar.compose.model.container import Container, Workload
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.files import is_within
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.mentions import GAP
from stackferry.translator.health.health_checks import image_check
from stackferry.translator.host import Host
from stackferry.translator.notes import Path

LARGEST = 256 * 1024
"""A longer file, in bytes, is data: nobody writes addresses into it by hand."""
MOST_FILES = 200
"""A folder with more files is data or a program."""
_CONFIGURATION = (
    *(".cfg", ".cnf", ".conf", ".config", ".env", ".ini", ".json", ".properties", ".template", ".toml"),
    *(".yaml", ".yml"),
)
_OF_TOOLS = ("package.json", "package-lock.json", "tsconfig.json", "compose.yaml", "compose.yml")


class Text(NamedTuple):
    """One text: the path of its key, its name in messages, the variable that has it as value, if any.

    `file` is its full path if it is a file; `is_built_in` if an image will contain it, so that it cannot be changed. A
    named tuple, not a dataclass: each variable and command of a stack makes two of these.
    """

    path: Path
    called: str
    key: str
    text: str
    file: str | None = None
    is_built_in: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of a project; each file is read once, however many services mount it."""

    project: Project
    host: Host
    _files: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict, init=False)

    def of(self, workload: Workload, top: Path) -> Iterator[Text]:
        """The texts of a service or job at the path `top`."""
        yield from own_texts(workload, top)
        image = image_check(workload, self.host)
        if image is not None and (workload.healthcheck is None or not workload.healthcheck.test):
            yield Text((*top, "build"), "the HEALTHCHECK of its Dockerfile", "", GAP.join(image.test))
        for index, mount in enumerate(workload.volumes):
            if mount.type == "bind" and mount.source is not None:
                yield from self._files_of(mount.source, (*top, "volumes", index, "source"))
        for section, references in (("configs", workload.configs), ("secrets", workload.secrets)):
            for reference in references:
                yield from self.of_file(section, reference.source)
        if workload.build is not None and workload.build.context and "://" not in workload.build.context:
            # Env files are read through the variables that they define, and those are rewritten.
            given = {self.host.full(one.path) for one in workload.env_file}
            for text in self._files_of(workload.build.context, (*top, "build", "context")):
                name = posixpath.basename(text.called)
                if (
                    text.file not in given
                    and name.endswith(_CONFIGURATION)
                    and name not in _OF_TOOLS
                    and "compose" not in name
                ):
                    yield Text(text.path, text.called, "", text.text, text.file, is_built_in=True)

    def of_file(self, section: str, key: str) -> Iterator[Text]:
        """The text of a top-level config or secret."""
        entry = (self.project.configs if section == "configs" else self.project.secrets).get(key)
        content: str | None = getattr(entry, "content", None)
        if entry is None or entry.external:
            return
        if content is not None:
            yield Text((section, key, "content"), f"config {key}", "", content)
        elif entry.file is not None:
            yield from self._files_of(entry.file, (section, key, "file"))

    def _files_of(self, source: str, path: Path) -> Iterator[Text]:
        if source not in self._files:
            self._files[source] = tuple(self._read(source))
        for name, text, full in self._files[source]:
            yield Text(path, name, "", text, full)

    def _read(self, source: str) -> Iterator[tuple[str, str, str]]:
        directory = self.project.directory
        if not is_within(source, directory):
            # The operating system's files name no services.
            return
        names: tuple[str, ...] = ("",)
        if self.host.is_dir(source):
            tree = self.host.tree(source)
            names = tree.files if tree is not None else ()
        if len(names) > MOST_FILES:
            return
        for name in names:
            full = self.host.full(posixpath.join(source, name) if name else source)
            size = self.host.size(full)
            content = self.host.content(full) if size is not None and size <= LARGEST else None
            # Files that report no size (/proc) are as large as they turn out to be.
            if content is not None and len(content) <= LARGEST and b"\0" not in content:
                yield posixpath.relpath(full, directory), content.decode("utf-8", "surrogateescape"), full


def own_texts(workload: Workload, top: Path) -> Iterator[Text]:
    """The texts in the compose file itself."""
    yield from _of_container(workload, top)
    test = workload.healthcheck.test if workload.healthcheck else ()
    if test and not any(GAP in word for word in test):
        yield Text((*top, "healthcheck", "test"), "health check", "", GAP.join(test))
    if isinstance(workload, Service):
        for index, before in enumerate(workload.pre_start):
            yield from _of_container(before, (*top, "pre_start", index))
        for key, hooks in (("post_start", workload.post_start), ("pre_stop", workload.pre_stop)):
            for index, hook in enumerate(hooks):
                yield from _of_run(hook.environment, {"command": hook.command or ()}, (*top, key, index))


def _of_container(container: Container, top: Path) -> Iterator[Text]:
    commands = {"command": container.command or (), "entrypoint": container.entrypoint or ()}
    yield from _of_run(container.environment, commands, top)


def _of_run(
    environment: Mapping[str, str | None], commands: Mapping[str, tuple[str, ...]], top: Path
) -> Iterator[Text]:
    for name, value in environment.items():
        if value:
            yield Text((*top, "environment", name), name, name, value)
    for key, words in commands.items():
        if words and not any(GAP in word for word in words):
            yield Text((*top, key), key, "", GAP.join(words))
