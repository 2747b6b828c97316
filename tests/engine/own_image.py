"""An image of busybox under a name for one test module, which exists while its tests run.

Another test may rebuild the image under the shared name meanwhile, and `up` would then replace the tasks.
"""

import subprocess
import uuid
from collections.abc import Callable, Iterator

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.swarm.image import archive


def own_name(word: str) -> str:
    """A name that no other process has."""
    return f"stackferry-test/{word}:{uuid.uuid4().hex[:12]}"


def own_image(name: str) -> Callable[..., Iterator[None]]:
    """The fixture of a module: the image is there before its first test, and gone after the last."""

    @pytest.fixture(scope="module", autouse=True)
    def image(engine: DockerEngine) -> Iterator[None]:
        engine.import_image(name, archive())
        yield
        subprocess.run(["docker", "rmi", "-f", name], capture_output=True, check=False)

    return image
