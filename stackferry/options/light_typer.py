"""Imports typer's option parser without the rest, for verbs that start all the time (`option_table.py`).

`import typer` runs all of typer, which takes longer than parsing a Dockerfile. This module registers the packages
`typer` and `typer._click` without running them: their modules can be imported one by one, and an access to any other
attribute runs the package and gives the usual result.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

PACKAGES = ("typer", "typer._click")


class _Waiting(ModuleType):
    """A package that runs on the first access to an attribute that is neither set yet nor one of its modules."""

    def __getattr__(self, name: str) -> object:
        spec, module = self.__spec__, f"{self.__name__}.{name}"
        if _spec(module, self.__path__) is not None:
            return import_module(module)
        if spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        # Now it becomes an ordinary module; its imports of itself must not come back here.
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.exec_module(self)
        return getattr(self, name)


def in_parts() -> None:
    """Make imports of typer's modules run only those modules. Does nothing if typer has run already."""
    if PACKAGES[0] in sys.modules:
        return
    outer: ModuleType | None = None
    for name in PACKAGES:
        spec = _spec(name, outer.__path__ if outer else None)
        if spec is None or spec.submodule_search_locations is None:
            return
        module = _Waiting(name, None)
        module.__spec__, module.__loader__, module.__package__ = spec, spec.loader, name
        module.__file__, module.__path__ = spec.origin, list(spec.submodule_search_locations)
        sys.modules[name] = module
        if outer is not None:
            setattr(outer, name.rpartition(".")[2], module)
        outer = module


def _spec(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """The same as `importlib.util.find_spec`, without importing that module."""
    found = (finder.find_spec(name, path) for finder in sys.meta_path)
    return next((spec for spec in found if spec is not None), None)
