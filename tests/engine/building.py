"""Ways to build on the real engine, and to inspect the content of a built image."""

import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from stackferry.emulator.engine.protocol import Engine
from tests.compose5.build import BUILDX, built


def with_buildx(folder: Path) -> dict[str, str]:
    """An environment in which the docker command has its buildx plugin. Skips where that is not built."""
    plugin, docker = built(BUILDX), shutil.which("docker")
    if plugin is None or docker is None or _major(docker) < 23:
        pytest.skip("no buildx plugin for the docker command (`make compose5` builds it)")
    (folder / "cli-plugins").mkdir(parents=True)
    (folder / "cli-plugins" / "docker-buildx").symlink_to(plugin)
    return {**os.environ, "DOCKER_CONFIG": str(folder)}


def without_buildx(folder: Path) -> dict[str, str]:
    """One in which the docker command is from before 23, and has no plugin. Skips where there is none of that age."""
    places = (Path(place) / "docker" for place in os.environ["PATH"].split(os.pathsep))
    old = next((place for place in places if os.access(place, os.X_OK) and 0 < _major(str(place)) < 23), None)
    if old is None:
        pytest.skip("no docker command before 23 here")
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "docker").symlink_to(old)
    return {**os.environ, "DOCKER_CONFIG": str(folder), "PATH": f"{folder}/bin:{os.environ['PATH']}"}


def recorded(environment: dict[str, str], folder: Path) -> tuple[dict[str, str], Path]:
    """The same with a docker command that writes down all words it is called with, and where it does."""
    log, real = folder / "words", shutil.which("docker", path=environment["PATH"])
    folder.mkdir()
    script = folder / "docker"
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{log}'\nexec '{real}' \"$@\"\n")
    script.chmod(0o755)
    return {**environment, "PATH": f"{folder}:{environment['PATH']}"}, log


def files(engine: Engine, image: str, *paths: str) -> list[str]:
    """What these files of an image hold."""
    container = engine.create(f"sf-look-{os.urandom(4).hex()}", {"Image": image, "Cmd": ["true"]})
    try:
        return [_content(engine, container, path) for path in paths]
    finally:
        engine.remove(container)


def _content(engine: Engine, container: str, path: str) -> str:
    source = engine.get_archive(container, path)
    packed = b""
    while piece := source.read(1 << 16):
        packed += piece
    source.close()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        found = tar.extractfile(tar.getmembers()[0])
        assert found is not None
        return found.read().decode("latin-1")


def _major(docker: str) -> int:
    done = subprocess.run([docker, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\d+)\.", done.stdout)
    return int(found[1]) if found else 0
