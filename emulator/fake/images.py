# ruff: noqa: ARG002 (the protocol has arguments that make no difference to a fake)
"""Images of the fake engine: a part of `fake.FakeEngine`."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from stackferry.emulator.engine.image import BuildOptions, Distribution, ImageInfo, Layer, Unable
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.core import FakeCore, digest


class FakeImages(FakeCore):
    """The calls of `protocol.Engine` about images. `registry` holds those that can be pulled."""

    def add_image(self, name: str, info: ImageInfo | None = None) -> ImageInfo:
        """Add a local image."""
        made = info or ImageInfo(id=f"sha256:{digest(name)}")
        self.images[tagged(name)] = replace(made, tags=(tagged(name),))
        return self.images[tagged(name)]

    def image(self, name: str) -> ImageInfo | None:
        """A local image."""
        with self._call("image", name):
            return self._image(name)

    def pull(self, name: str, platform: str = "", progress: Callable[[Layer], None] | None = None) -> None:
        """Pull an image that `registry` has."""
        with self._call("pull", name):
            self._pull(name, platform, progress)

    def _pull(self, name: str, platform: str = "", progress: Callable[[Layer], None] | None = None) -> None:
        if tagged(name) not in self.registry:
            raise EngineError(
                f"pull access denied for {name}, repository does not exist or may require 'docker login': "
                "denied: requested access to the resource is denied",
                status=404,
            )
        self.add_image(name, self.registry[tagged(name)])
        if progress:
            progress(Layer(digest(name)[:12], "Pull complete"))

    def distribution(self, name: str) -> Distribution:
        """What `registry` has: an image's id serves as its digest."""
        with self._call("distribution", name):
            if tagged(name) not in self.registry:
                raise EngineError(f"manifest unknown: {name}", status=404)
            found = self.registry[tagged(name)]
            return Distribution(found.id, ((found.os, found.arch),))

    def tag(self, image: str, name: str) -> None:
        """Add a name."""
        with self._call("tag", name):
            found = self._image(image)
            if found is None:
                raise EngineError(f"No such image: {image}", status=404)
            self.images[tagged(name)] = found

    def push(self, name: str, progress: Callable[[Layer], None] | None = None) -> None:
        """Put an image into `registry`."""
        with self._call("push", name):
            image = self._image(name)
            if image is None:
                raise EngineError(f"An image does not exist locally with the tag: {name}", status=404)
            self.registry[tagged(name)] = image

    def unable(self, options: BuildOptions) -> Unable | None:
        """None: the fake builds everything."""
        return None

    def build(self, context: Path | str, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Create an image with the tags; nothing is read."""
        with self._call("build", str(context)):
            made = ImageInfo(id=f"sha256:{digest(f'{context} {options}')}", labels=options.labels)
            for tag in options.tags or (made.id,):
                self.add_image(tag, made)
            if progress:
                progress(f"Successfully built {made.id[7:19]}")
            return made.id

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Create an image; the archive affects only its id."""
        with self._call("import_image", name):
            return self.add_image(name, ImageInfo(id=f"sha256:{hashlib.sha256(archive).hexdigest()}")).id

    def save(self, name: str) -> io.BytesIO:
        """An image as `docker save` writes it, without any layers."""
        with self._call("save", name):
            found = self._image(name)
            if found is None:
                raise EngineError(f"reference does not exist: {name}", status=404)
            config = f"{found.id.removeprefix('sha256:')}.json"
            text = json.dumps([{"Config": config, "RepoTags": [tagged(name)], "Layers": []}]).encode()
            tar, member = io.BytesIO(), tarfile.TarInfo("manifest.json")
            member.size = len(text)
            with tarfile.open(fileobj=tar, mode="w") as archive:
                archive.addfile(member, io.BytesIO(text))
            tar.seek(0)
            return tar

    def remove_image(self, name: str) -> None:
        """Remove the name."""
        with self._call("remove_image", name):
            self.images.pop(tagged(name), None)

    def _image(self, name: str) -> ImageInfo | None:
        return self.images.get(tagged(name)) or next((one for one in self.images.values() if one.id == name), None)


def tagged(name: str) -> str:
    """A reference with its tag."""
    last = name.rpartition("/")[2]
    return name if ":" in last or "@" in last else f"{name}:latest"
