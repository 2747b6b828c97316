"""typer in parts: its parser of options without the rest, for verbs that start all the time (`option_table.py`).

`import typer` runs all of typer, which takes longer than the parse of a Dockerfile. Here the packages `typer` and
`typer._click` are put in place without having run: their modules can be imported one by one, and whoever asks a
package for anything else runs it then, and gets what it always has.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

PACKAGES = ("typer", "typer._click")


class _Waiting(ModuleType):
    """A package that runs when something is asked of it that is neither there yet nor one of its modules."""

    def __getattr__(self, name: str) -> object:
        spec, module = self.__spec__, f"{self.__name__}.{name}"
        if _spec(module, self.__path__) is not None:
            return import_module(module)
        if spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        # From here on it is a module like any other; its own imports of itself must not come back here.
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.exec_module(self)
        return getattr(self, name)


def in_parts() -> None:
    """From now on, an import of a module of typer runs that module alone. Nothing changes once typer has run."""
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
    """What `importlib.util.find_spec` finds, without that module, which is one more to load."""
    found = (finder.find_spec(name, path) for finder in sys.meta_path)
    return next((spec for spec in found if spec is not None), None)
