"""The docker command as a builder: a client from which BuildKit gets secrets, keys and additional contexts.

`docker.py` uses it for builds that the engine's API cannot do (`buildkit.beyond_api`): with the buildx plugin, or with
the BuildKit client in docker commands before 23. Nothing that may be secret appears on a command line: the bake file
goes through standard input, contents of secrets through the environment.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from stackferry.emulator.engine import old_docker_build
from stackferry.emulator.engine.bake import Sources, bake_file, grants, linked
from stackferry.emulator.engine.build_failure import BuildFailure, build_failure
from stackferry.emulator.engine.build_process import answer, run
from stackferry.emulator.engine.build_secrets import placed
from stackferry.emulator.engine.buildkit import Trace, beyond_api
from stackferry.emulator.engine.image import BuildOptions, Unable
from stackferry.emulator.engine.protocol import EngineError

Told = Callable[[str], None] | None
"""Called with the builder's lines as they come."""

_OLDEST_BUILDX = (0, 17)
"""The first version whose bake can be allowed things as we do it."""
_NEWER: Mapping[str, Callable[[BuildOptions], object]] = {
    "additional_contexts": lambda one: one.contexts,
    "shm_size": lambda one: one.shm_size,
    "ulimits": lambda one: one.ulimits,
}
NEWER_SINCE = 23
"""The first engine whose BuildKit supports those; older ones refuse the first, and silently ignore the others."""
_QUIETLY = {
    # With default attestations, each build would be a different image even if nothing changed.
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    "BUILDX_METADATA_PROVENANCE": "disabled",
    "DOCKER_CLI_HINTS": "false",
}
_NO_PLUGIN = "needs the buildx plugin of the docker command, which is not installed"
_INSTALL = "install the package docker-buildx-plugin (from Docker) or docker-buildx (from Debian or Ubuntu)"


class DockerCommand:
    """The docker command in an environment, which determines its engine, as for `docker build`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def unable(self, options: BuildOptions, engine: str) -> Unable | None:
        """Why an image cannot be built this way, None if it can. `engine`: the version of the engine."""
        every = (options, *(one.options for _, one in linked(options)))
        keys = tuple(dict.fromkeys(key for one in every for key in beyond_api(one)))
        if self._path is None:
            return Unable(
                keys, "needs the docker command with its buildx plugin, and docker is not on the PATH", _INSTALL
            )
        if self._buildx is None:
            return self._unable_without_buildx(options, keys)
        if self._buildx < _OLDEST_BUILDX:
            have, need = (".".join(str(part) for part in one) for one in (self._buildx, _OLDEST_BUILDX))
            return Unable(keys, f"needs buildx {need} or later, and {have} is installed", _INSTALL)
        newer = tuple(key for key, asks in _NEWER.items() if any(asks(one) for one in every))
        if newer and major(engine) < NEWER_SINCE and self._driver == "docker":
            message = f"needs BuildKit of Docker Engine {NEWER_SINCE} or later, and this engine is {engine}"
            return Unable(newer, message, "update the engine, or create a builder: docker buildx create --use")
        return None

    def _unable_without_buildx(self, options: BuildOptions, keys: tuple[str, ...]) -> Unable | None:
        if self._version >= old_docker_build.NO_LONGER:
            return Unable(keys, _NO_PLUGIN, _INSTALL)
        beyond = old_docker_build.beyond(options, keys)
        return Unable(beyond, _NO_PLUGIN, _INSTALL) if beyond else None

    def build(self, context: str, options: BuildOptions, progress: Told = None) -> str:
        """Build a directory or a URL; returns the id of the image, empty if the builder does not report it.

        Raises EngineError.
        """
        every = (options, *(one.options for _, one in linked(options)))
        with tempfile.TemporaryDirectory(prefix="stackferry-build-") as folder:
            sources, variables = placed((one for each in every for one in each.secrets), Path(folder))
            way = self._old if self._buildx is None else self._bake
            return way(context, options, sources, variables, Path(folder), progress)

    def _bake(
        self,
        context: str,
        options: BuildOptions,
        sources: Sources,
        variables: Mapping[str, str],
        folder: Path,
        progress: Told,
    ) -> str:
        result, trace, rest = folder / "result.json", Trace(), list[str]()

        def hear(line: str) -> None:
            try:
                status = json.loads(line)
            except ValueError:
                rest.append(line)
                return
            for text in trace.lines_of(status) if isinstance(status, dict) else ():
                if progress:
                    progress(text)

        words = ["buildx", "bake", "--file=-", "--progress=rawjson", f"--metadata-file={result}"]
        words += [f"--allow={right}" for right in grants(options)]
        if self._run(words, {**_QUIETLY, **variables}, bake_file(context, options, sources), hear):
            found = build_failure(rest)
            failure = BuildFailure(found.reason, found.file, found.line, trace.failed)
            raise _failed(failure, context, options, progress)
        return _digest(result)

    def _old(
        self,
        context: str,
        options: BuildOptions,
        sources: Sources,
        variables: Mapping[str, str],
        folder: Path,
        progress: Told,
    ) -> str:
        result, said = folder / "id", list[str]()

        def hear(line: str) -> None:
            said.append(line)
            if progress and (text := old_docker_build.shown(line)):
                progress(text)

        words, hidden = old_docker_build.command(context, options, sources, self._environment)
        more = {**variables, **hidden, "DOCKER_BUILDKIT": "1"}
        if self._run(["build", f"--iidfile={result}", *words], more, options.inline, hear):
            raise _failed(build_failure(said), context, options, progress)
        return result.read_text().strip()

    def _run(self, words: list[str], more: Mapping[str, str], given: str, hear: Callable[[str], None]) -> int:
        return run([self._path or "docker", *words], {**self._environment, **more}, given, hear)

    @cached_property
    def _path(self) -> str | None:
        return shutil.which("docker", path=self._environment.get("PATH", os.defpath))

    @cached_property
    def _buildx(self) -> tuple[int, int] | None:
        """The version of the plugin, None if it is missing."""
        found = re.search(r"\sv?(\d+)\.(\d+)", self._asked("buildx", "version"))
        return (int(found[1]), int(found[2])) if found else None

    @cached_property
    def _driver(self) -> str:
        """The driver of the current builder: `docker` is the engine itself."""
        found = re.search(r"^Driver:\s*(\S+)", self._asked("buildx", "inspect"), re.MULTILINE)
        return found[1] if found else ""

    @cached_property
    def _version(self) -> int:
        return major(self._asked("version", "--format", "{{.Client.Version}}"))

    def _asked(self, *words: str) -> str:
        return answer([self._path or "docker", *words], self._environment)


def major(version: str) -> int:
    """The major version; 0 if unknown."""
    found = re.match(r"v?(\d+)\.", version)
    return int(found[1]) if found else 0


def _digest(result: Path) -> str:
    """The digest of the image that bake reports."""
    try:
        targets = json.loads(result.read_text())
        found = next(one for one in targets.values() if isinstance(one, dict))
    except (OSError, ValueError, StopIteration):
        return ""
    return str(found.get("containerimage.digest", ""))


def _failed(failure: BuildFailure, context: str, options: BuildOptions, progress: Told) -> EngineError:
    """The error, including the step's last output unless `progress` has shown it already."""
    place = _dockerfile(context, options) or failure.file
    seen = failure.output if progress is None else ()
    return EngineError("\n".join((str(replace(failure, file=place)), *(f"  {line}" for line in seen))))


def _dockerfile(context: str, options: BuildOptions) -> str:
    """The path of the Dockerfile; empty if it is not local, or if the failure may be another build's."""
    if options.linked or not os.path.isdir(context):
        return ""
    return "dockerfile_inline" if options.inline else os.path.join(context, options.dockerfile or "Dockerfile")
