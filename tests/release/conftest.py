"""What the tests of a release share: the scripts below .ci/release as modules, and the real engine."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.engine.fixtures import engine, image

__all__ = ["engine", "image"]

SCRIPTS = Path(__file__).parents[2] / ".ci" / "release"


def script(name: str) -> ModuleType:
    """A script as a module. It finds its neighbours by their plain names, as when it is run."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def image_script() -> ModuleType:
    return script("image")


@pytest.fixture(scope="session")
def release_script(image_script: ModuleType) -> ModuleType:
    return script("release")
