"""The library's public function `stackferry.load`, for programs that want a loaded stack and no details.

Reads the disk and the environment, as the command line does. `stackferry.grammar.compose` has the parts.
"""

import os
from collections.abc import Iterable, Mapping
from io import IOBase

from stackferry.grammar.compose.load import Loaded, Request
from stackferry.grammar.compose.load import load as load_request
from stackferry.grammar.files import Disk

Path = str | os.PathLike[str]


def load(
    *paths: Path | Iterable[Path],
    text: str | None = None,
    environment: Mapping[str, str] | None = None,
    profiles: Iterable[str] = (),
    services: Iterable[str] = (),
    project_name: str | None = None,
    project_directory: Path | None = None,
    env_files: Iterable[Path] = (),
) -> Loaded:
    """Load a stack as docker compose does: `load("compose.yaml")`, `load("compose.yaml", "over.yaml")`, `load()`.

    Without paths, load the compose file of the working directory or of a parent. `text` is a compose file in memory;
    its relative paths start at the working directory, and its diagnostics have the source `-`. `environment` has the
    variables for `${…}`, by default those of the process. Raises SourceError with every problem of the files, and
    TypeError or ValueError for wrong arguments.
    """
    files = _listed(paths, "paths")
    if text is not None and files:
        raise ValueError("load() takes paths or text, not both")
    if text is not None and not isinstance(text, str):
        raise TypeError(f"load() takes text as str, not {type(text).__name__}: decode it")
    for file in files:
        if file == "-":
            raise ValueError("load() does not read standard input: write text=sys.stdin.read()")
        if "\n" in file or (": " in file and not os.path.exists(file)):
            raise ValueError(f"load() takes the path of a file, not {file[:40]!r}: to pass its content, write text=…")
    content = None if text is None else text.encode()
    request = Request(
        files=files if content is None else ("-",),
        project_name=project_name,
        profiles=_names(profiles, "profiles"),
        env_files=_listed((env_files,), "env_files"),
        project_directory=None if project_directory is None else os.fspath(project_directory),
        services=_names(services, "services"),
    )
    return load_request(
        request,
        files=Disk(),
        environment=os.environ if environment is None else _variables(environment),
        stdin=None if content is None else lambda: content,
    )


def _listed(given: Iterable[object], what: str) -> tuple[str, ...]:
    """Flatten paths and lists of paths into one tuple."""
    found: list[str] = []
    for path in given:
        if isinstance(path, str | os.PathLike):
            found.append(os.fspath(path))
        elif isinstance(path, Iterable) and not isinstance(path, bytes | Mapping | IOBase):
            found += _listed(path, what)
        else:
            raise TypeError(f"load() takes paths as str or os.PathLike, not {type(path).__name__}, in {what}")
    return tuple(found)


def _names(given: object, what: str) -> tuple[str, ...]:
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        raise TypeError(f"load() takes names as str, or several of them, not {type(given).__name__}, in {what}")
    names: tuple[object, ...] = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"load() takes names as str, not {type(name).__name__}, in {what}")
    return tuple(str(one) for one in names)


def _variables(given: object) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise TypeError(f"load() takes environment as a mapping of names to values, not {type(given).__name__}")
    found: dict[str, str] = {}
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"load() takes variables as str, not {name!r}: {value!r}, in environment")
        found[name] = value
    return found
