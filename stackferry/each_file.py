"""`config --each`: checks several compose files, each as its own stack, an override together with its base.

Hooks need this because they pass all changed files: `-f a -f b` would merge them.
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
    """Load every file, even after one has failed, and report all problems; returns 1 if there are errors, else 0.

    `request` says how far to load; its files are replaced.
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
    """The files of the stack to which a file belongs: the file alone, or its base and the file."""
    base = next(filter(exists, _bases(path)), None)
    return (base, path) if base is not None else (path,)


def _bases(path: str) -> Iterator[str]:
    """Possible paths of the base of an override, the likeliest first; nothing for any other file.

    The base has the override's name without `.override`. Docker compose lays `compose.override.yml` over a file with
    any of its default names.
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
