"""`config --each`: several compose files, every one a stack of its own, an override together with its base.

For hooks, which hand over the files that changed: `-f a -f b` would merge them.
"""

import os
from collections.abc import Callable, Iterable, Iterator

from stackferry.grammar.compose.discover import NAMES
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.session import Session

_ENDINGS = (".yaml", ".yml")
_MARK = ".override"


def check_each(files: Iterable[str], request: Request, session: Session) -> int:
    """Load every file, whatever is wrong with the ones before it, and tell what is wrong: 1 if anything is, else 0.

    `request` says how far; its files are replaced.
    """
    from dataclasses import replace

    code = 0
    for path in files:
        try:
            loaded = load(
                replace(request, files=stack_of(path, session.files.exists)),
                files=session.files,
                environment=session.environment,
                stdin=session.stdin,
            )
        except SourceError as error:
            session.report(error.diagnostics)
            code = 1
        else:
            session.report(loaded.diagnostics)
    return code


def stack_of(path: str, exists: Callable[[str], bool]) -> tuple[str, ...]:
    """The files of the stack that a file is part of: itself, or its base and itself."""
    base = next(filter(exists, _bases(path)), None)
    return (base, path) if base is not None else (path,)


def _bases(path: str) -> Iterator[str]:
    """Where the base of an override may be, the likeliest first; nothing for a file that is no override.

    It has the override's name without `.override`; docker compose lays `compose.override.yml` over any of its names.
    """
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    if ending.lower() not in _ENDINGS or not stem.lower().endswith(_MARK):
        return
    stem = stem[: -len(_MARK)]
    names = [stem + other for other in (ending, *_ENDINGS)]
    if stem in ("compose", "docker-compose"):
        names += NAMES
    yield from (os.path.join(folder, name) for name in dict.fromkeys(names))
