"""The first phase: finds the compose files, the project directory, the variables and the project name.

Input is a request, an environment and a file system; only env files are parsed here. Order and
precedence as in docker compose: the environment wins over `.env`, `-f` over `COMPOSE_FILE` over the
default names, which are looked for in the working directory and its parents.
"""

import os.path
from collections.abc import Callable, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.phases.environment import Reading, read_env_files
from stackferry.grammar.compose.syntax.short_forms import join
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files
from stackferry.grammar.regex import regex

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class Asked(NamedTuple):
    """What the caller wants: see `load.Request`."""

    files: tuple[str, ...]
    env_files: tuple[str, ...]
    project_directory: str | None
    profiles: tuple[str, ...]


class Discovered(NamedTuple):
    """The files (absolute, or `-`), the project directory (absolute), the variables, the active profiles."""

    files: tuple[str, ...]
    directory: str
    environment: dict[str, str]
    profiles: tuple[str, ...]


def discover(asked: Asked, environment: Mapping[str, str], reading: Reading) -> Discovered:
    """Find what to load; whatever is missing is reported."""
    files, report = reading.files, reading.report
    variables = dict(environment)
    variables.setdefault("PWD", files.cwd)
    env_files = asked.env_files or _env_files_from(environment)
    paths = asked.files
    directory = _directory(asked, paths, files)
    _add_env_files(variables, env_files, directory, environment, reading)
    if not paths:
        paths = _from_environment(variables, files, report)
    if not paths:
        paths = _search(_directory(asked, paths, files), files, report)
    if paths and not asked.files:
        # The files may be in another directory, with their own .env.
        before, directory = directory, _directory(asked, paths, files)
        if directory != before:
            _add_env_files(variables, env_files, directory, environment, reading)
    # Without profiles, the empty name is active, as in docker compose: `profiles: ["${OFF:+off}"]` may come to that.
    profiles = asked.profiles or tuple(name.strip() for name in variables.get("COMPOSE_PROFILES", "").split(","))
    absolute = tuple(path if path == "-" else join(files.cwd, path) if path[:1] != "/" else path for path in paths)
    return Discovered(absolute, directory, variables, profiles)


def _directory(asked: Asked, paths: tuple[str, ...], files: Files) -> str:
    if asked.project_directory:
        return _absolute(asked.project_directory, files)
    for path in paths:
        if path != "-":
            return join(_absolute(path, files), "..")
    return files.cwd


def _absolute(path: str, files: Files) -> str:
    return join(path, "") if path.startswith("/") else join(files.cwd, path)


def _env_files_from(environment: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(path for path in environment.get("COMPOSE_ENV_FILES", "").split(",") if path)


_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("", "0", "f", "F", "FALSE", "false", "False"))


def _add_env_files(
    variables: dict[str, str],
    chosen: tuple[str, ...],
    directory: str,
    environment: Mapping[str, str],
    reading: Reading,
) -> None:
    """Add variables that are not set yet, from the env files or the directory's `.env`."""
    files = reading.files
    if chosen:
        paths = tuple(_absolute(path, files) for path in chosen)
    elif environment.get("COMPOSE_DISABLE_ENV_FILE", "") not in _FALSE:
        if environment["COMPOSE_DISABLE_ENV_FILE"] not in _TRUE:
            said = environment["COMPOSE_DISABLE_ENV_FILE"]
            reading.report.error(
                "wrong-value", f"COMPOSE_DISABLE_ENV_FILE is {said!r}", None, "set it to true or false"
            )
        return
    else:
        default = join(directory, ".env")
        paths = (default,) if files.exists(default) and not files.is_dir(default) else ()
    for name, value in read_env_files(paths, variables, reading, None).items():
        variables.setdefault(name, value)


def _from_environment(variables: Mapping[str, str], files: Files, report: Diagnostics) -> tuple[str, ...]:
    listed = variables.get("COMPOSE_FILE")
    if listed is None:
        return ()
    paths = []
    for path in listed.split(variables.get("COMPOSE_PATH_SEPARATOR") or os.pathsep):
        absolute = path if path == "-" else _absolute(path, files)
        if path != "-" and not files.exists(absolute):
            report.error("file-missing", f"COMPOSE_FILE refers to {path!r}, which does not exist", None)
        paths.append(absolute)
    return tuple(paths)


def _search(directory: str, files: Files, report: Diagnostics) -> tuple[str, ...]:
    while True:
        found = [name for name in NAMES if files.exists(join(directory, name))]
        if found:
            overrides = [name for name in OVERRIDES if files.exists(join(directory, name))]
            for several in (found, overrides):
                if len(several) > 1:
                    report.warning(
                        "several-files",
                        f"{directory} contains {' and '.join(several)}: using {several[0]}",
                        None,
                        f"choose one with -f {several[0]}",
                    )
            return tuple(join(directory, name) for name in (found[0], *overrides[:1]))
        parent = join(directory, "..")
        if parent == directory:
            report.error(
                "file-missing",
                "no compose file found in this folder or any parent folder",
                None,
                f"specify one with -f, or create {NAMES[0]}",
            )
            return ()
        directory = parent


LONGEST_NAME = 1_000
"""Maximum length of a project name in characters: every other name contains it."""
_ALLOWED = regex(r"[a-z0-9_-]")


def normal_name(name: str) -> str:
    """A project name made legal: lower case letters, digits, `-` and `_`, beginning with a letter or digit."""
    return "".join(_ALLOWED.findall(name.lower())).lstrip("_-")


def project_name(
    chosen: str | None,
    variables: Mapping[str, str],
    written: Callable[[], str | None],
    directory: str,
    report: Diagnostics,
) -> str:
    """The project name; `written` returns the files' `name:` with variables replaced, None if they have none.

    `-p`, else COMPOSE_PROJECT_NAME, else the last `name:` of the files, else the directory's name.
    """
    for name, origin in ((chosen, "-p"), (variables.get("COMPOSE_PROJECT_NAME"), "COMPOSE_PROJECT_NAME")):
        if name:
            if normal_name(name) != name:
                hint = f"for example {normal_name(name)}" if normal_name(name) else ""
                report.error(
                    "project-name",
                    f"invalid project name {name!r} ({origin}): it must consist of lowercase letters,"
                    " digits, '-' and '_', and start with a letter or digit",
                    None,
                    hint,
                )
            return name
    said = written()
    if said is not None and len(said) > LONGEST_NAME:
        report.error("project-name", f"name: in the compose file is longer than {LONGEST_NAME} characters", None)
        return said[:LONGEST_NAME]
    name = normal_name(os.path.basename(directory) if said is None else said)
    if not name and said is not None:
        report.error(
            "project-name", f"name: in the compose file resolves to {said!r}, which is not a valid project name", None
        )
    elif not name:
        report.error(
            "project-name",
            f"cannot derive a project name from {directory!r}",
            None,
            "set one with -p, or with name: in the compose file",
        )
    return name
