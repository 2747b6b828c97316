"""Images of the real engine, and how they are built: a part of `engine.DockerEngine`.

Pull, push and build use the SDK for its credentials and contexts; the docker command does builds that the SDK cannot
(`docker_command.py`).
"""

import json
import tempfile
from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from typing import Any

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.api import Api, quoted
from stackferry.emulator.engine.buildkit import Trace, beyond_api, needs_buildkit
from stackferry.emulator.engine.docker_command import NEWER_SINCE, DockerCommand, major
from stackferry.emulator.engine.image import BuildOptions, Distribution, ImageInfo, Layer, Unable
from stackferry.emulator.engine.protocol import EngineError, EngineVersion, Source
from stackferry.emulator.engine.transport import PATIENT


class ImageCalls(Api):
    """The calls of `protocol.Engine` about images. `command` runs builds that the API does not support."""

    command: DockerCommand

    @abstractmethod
    def version(self) -> EngineVersion:
        """The engine's version and properties."""

    @abstractmethod
    def sdk(self) -> AbstractContextManager[Any]:
        """The SDK's client, for a `with` block; its errors become EngineError."""

    def image(self, name: str) -> ImageInfo | None:
        """A local image."""
        found = self.find(f"/images/{quoted(name)}/json")
        return None if found is None else answer.image(found)

    def pull(self, name: str, platform: str = "", progress: Callable[[Layer], None] | None = None) -> None:
        """Pull an image."""
        repository, tag = _parted(name)
        with self.sdk() as client:
            lines = client.pull(repository, tag, stream=True, decode=True, platform=platform or None)
            _follow(lines, layer=progress)

    def distribution(self, name: str) -> Distribution:
        """What an image's registry has."""
        with self.sdk() as client:
            return answer.distribution(client.inspect_distribution(name))

    def tag(self, image: str, name: str) -> None:
        """Add a name to an image."""
        repository, tag = _parted(name)
        self.call("POST", f"/images/{quoted(image)}/tag", {"repo": repository, "tag": tag})

    def push(self, name: str, progress: Callable[[Layer], None] | None = None) -> None:
        """Push an image to its registry."""
        repository, tag = _parted(name)
        with self.sdk() as client:
            _follow(client.push(repository, tag, stream=True, decode=True), layer=progress)

    def unable(self, options: BuildOptions) -> Unable | None:
        """Why an image cannot be built this way."""
        return self.command.unable(options, self.version().version) if beyond_api(options) else None

    def build(self, context: Path | str, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Build a directory or a URL, with the engine's own builder or the docker command."""
        if isinstance(context, Path) and not context.is_dir():
            raise EngineError(f"build context {context} is not a directory", "check `build.context`")
        if beyond_api(options) or (options.inline and isinstance(context, str)):
            return self._build_by_command(str(context), options, progress)
        tag = options.tags[0] if options.tags else None
        modern = isinstance(context, Path) and needs_buildkit(_dockerfile(context, options))
        if modern and options.ulimits and major(self.version().version) < NEWER_SINCE:
            raise EngineError(
                "ulimits are not supported with BuildKit of this engine, which this Dockerfile requires",
                f"remove them, or update the engine to {NEWER_SINCE} or later",
            )
        if modern and options.memory:
            raise EngineError(
                "a memory limit is not supported with BuildKit, which this Dockerfile requires", "remove it"
            )
        # The file is created inside the block, so that its errors are reported like those of the build.
        with self.sdk() as client, tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as inline:
            # Parameters that the SDK does not know are sent with each of its calls.
            client.params = _parameters(options, modern=modern)
            inline.write(options.inline)
            inline.flush()
            lines = client.build(
                path=str(context),
                dockerfile=inline.name if options.inline else options.dockerfile or None,
                tag=tag,
                buildargs=dict(options.args),
                target=options.target or None,
                labels=dict(options.labels),
                cache_from=list(options.cache_from) or None,
                extra_hosts={host: addresses[0] for host, addresses in options.extra_hosts.items()} or None,
                isolation=options.isolation or None,
                network_mode=options.network or None,
                platform=options.platform or None,
                nocache=options.no_cache,
                pull=options.pull,
                shmsize=options.shm_size or None,
                container_limits={"memory": options.memory} if options.memory else None,
                rm=True,
                forcerm=True,
                decode=True,
                # BuildKit does not recognize an uncompressed tar with extended headers.
                gzip=modern,
            )
            built = _follow(lines, progress)
        for more in options.tags[1:]:
            self.tag(built, more)
        return built

    def _build_by_command(self, context: str, options: BuildOptions, progress: Callable[[str], None] | None) -> str:
        if options.memory:
            raise EngineError("a memory limit is not supported with BuildKit, which this image requires", "remove it")
        if found := self.command.unable(options, self.version().version):
            raise EngineError(f"{', '.join(found.keys) or 'dockerfile_inline'}: {found.message}", found.hint)
        made = self.command.build(context, options, progress)
        # A builder other than the engine may succeed without loading the image into the engine.
        for name in (*options.tags[:1], *((made,) if made else ())):
            if info := self.image(name):
                return info.id
        name = next(iter(options.tags), made)
        raise EngineError(
            f"{name} was built, but the engine does not have it", "check which builder was used: docker buildx ls"
        )

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Create an image of one layer from a tar."""
        params = {"fromSrc": "-", "repo": name, "changes": list(changes)}
        answered = self.call("POST", "/images/create", params, archive, timeout=PATIENT)
        return _follow((json.loads(line) for line in answered.text.splitlines()), None)

    def save(self, name: str) -> Source:
        """An image as the tar that `docker save` writes."""
        return self.open("GET", "/images/get", {"names": name})

    def remove_image(self, name: str) -> None:
        """Remove the name."""
        self.gone(f"/images/{quoted(name)}")


def _parted(name: str) -> tuple[str, str]:
    """A reference as repository and tag, for the engine's calls."""
    repository, has_digest, digest = name.partition("@")
    if has_digest:
        return repository, digest
    repository, has_tag, tag = name.rpartition(":")
    return (repository, tag) if has_tag and "/" not in tag else (name, "latest")


def _parameters(options: BuildOptions, *, modern: bool) -> dict[str, str]:
    """The parameters of the API's build that the SDK does not know."""
    found = {"version": "2"} if modern else {}
    if options.ulimits:
        bounds = {name: limit.partition(":") for name, limit in options.ulimits.items()}
        limits = [
            {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)} for name, (soft, _, hard) in bounds.items()
        ]
        found["ulimits"] = json.dumps(limits)
    return found


def _dockerfile(context: Path, options: BuildOptions) -> str:
    try:
        return options.inline or (context / (options.dockerfile or "Dockerfile")).read_text(errors="replace")
    except OSError:
        return ""  # the SDK says it better


def _follow(
    lines: Any, progress: Callable[[str], None] | None = None, *, layer: Callable[[Layer], None] | None = None
) -> str:
    """Report the progress of a build, or of layers; returns the id of the created image, if any."""
    made, trace = "", Trace()
    with closing(lines):
        for line in lines:
            if "error" in line:
                code = int((line.get("errorDetail") or {}).get("code") or 0)
                raise EngineError(str(line["error"]).strip(), status=code)
            if line.get("id") == "moby.buildkit.trace":
                with suppress(ValueError):  # an engine with another format builds all the same
                    for text in trace.lines(line["aux"]):
                        if progress:
                            progress(text)
            elif isinstance(line.get("aux"), dict):
                made = line["aux"].get("ID", made)
            elif str(line.get("status", "")).startswith("sha256:"):
                made = line["status"]
            elif layer and "id" in line:
                detail = line.get("progressDetail") or {}
                layer(Layer(line["id"], line.get("status", ""), detail.get("current", 0), detail.get("total", 0)))
            elif progress:
                text = line.get("stream") or " ".join(
                    filter(None, (line.get("id"), line.get("status"), line.get("progress")))
                )
                if text.strip():
                    progress(text.rstrip())
    return made
