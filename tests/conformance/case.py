"""A case for both sides: one command line in one folder with one environment.

Bottom of the harness. `corpus` and `fixtures` turn folders into cases; `peer.py` and `ours.py`
answer them.
"""

import functools
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "compose"
FIXTURES = ROOT / "fixtures" / "compose"
HOME = "/nonexistent"

DISCOVERED = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names that both sides look for when no file is named, in the order of preference."""

_VARIABLE = re.compile(rb"(?<!\$)\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `kind` is the row of the table that it counts in.

    `root` is the folder whose files the answer may depend on: the peer's remembered answer holds as
    long as nothing below it changes. `arguments` are the remaining global options, spelled as users do.
    """

    name: str
    kind: str
    directory: str
    root: str
    files: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_name: str | None = None
    project_directory: str | None = None
    services: tuple[str, ...] = ()
    notation: str = "json"

    @property
    def environment(self) -> dict[str, str]:
        """All that either side may see of the environment."""
        return {"HOME": HOME, "PATH": "/usr/bin:/bin", "PWD": self.directory, **self.variables}

    @property
    def command(self) -> tuple[str, ...]:
        """The options and arguments after `docker compose`."""
        words: list[str] = []
        for option, values in (
            ("--file", self.files),
            ("--profile", self.profiles),
            ("--env-file", self.env_files),
            ("--project-name", (self.project_name,)),
            ("--project-directory", (self.project_directory,)),
        ):
            for value in values:
                if value is not None:
                    words += [option, value]
        return (*words, "config", "--format", self.notation, *self.services)

    def fingerprint(self) -> str:
        """A hash of everything that the answer depends on, the program that answers excepted."""
        shape = repr((self.directory, self.command, sorted(self.environment.items()), _digest(self.root)))
        return hashlib.sha256(shape.encode()).hexdigest()


@functools.cache
def _digest(root: str) -> str:
    """A hash over the names and contents of all files below `root`."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
            if os.path.isfile(path):
                digest.update(Path(path).read_bytes() + b"\0")
    return digest.hexdigest()


def corpus(root: Path = CORPUS) -> Iterator[Case]:
    """Cases of a folder of other people's projects.

    file: each YAML file alone, also those that are no compose file (both sides must refuse them);
    folder: each folder that holds a discoverable file, loaded without naming it;
    merged: a discoverable file with one of its neighbours on top;
    profiles: files that have profiles, with all of them on;
    variables: files with variables, each of which is set to a number, so that less is left blank.
    """
    for path in sorted(root.rglob("*.y*ml")):
        if not path.is_file():
            continue
        top = root / path.relative_to(root).parts[0]
        name = str(path.relative_to(root))
        case = functools.partial(Case, directory=str(path.parent), root=str(top))
        content = path.read_bytes()
        yield case(name, "file", files=(path.name,))
        if re.search(rb"^\s*profiles:", content, re.MULTILINE):
            yield case(f"{name} --profile *", "profiles", files=(path.name,), profiles=("*",))
        variables = {found.decode(): "8080" for found in _VARIABLE.findall(content)}
        variables = {name: value for name, value in variables.items() if name not in ("HOME", "PATH", "PWD")}
        if variables:
            yield case(f"{name} NAME=8080…", "variables", files=(path.name,), variables=variables)
        base = next((one for one in DISCOVERED if (path.parent / one).is_file()), None)
        if base == path.name:
            yield case(str(path.parent.relative_to(root)) + "/", "folder")
        elif base:
            merged = f"{path.parent.relative_to(root)}/{base} + {path.name}"
            yield case(merged, "merged", files=(base, path.name))


def fixtures(root: Path = FIXTURES) -> Iterator[Case]:
    """One case per folder below `root`; a `case.txt` beside the files gives what the command line adds.

    Its lines are `key: value`: `files`, `profiles`, `env_files` and `services` are split at blanks,
    `project_name` and `project_directory` are taken whole, `NAME=value` lines are the environment.
    """
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        yield fixture(folder)


def fixture(folder: Path) -> Case:
    """The case that one fixture folder is."""
    lists: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    variables: dict[str, str] = {}
    notes = folder / "case.txt"
    for line in notes.read_text().splitlines() if notes.exists() else ():
        if re.match(r"[A-Za-z_]\w*=", line):
            name, _, value = line.partition("=")
            variables[name] = value
        elif line.strip() and not line.startswith("#"):
            key, _, value = line.partition(":")
            if key in ("files", "profiles", "env_files", "services"):
                lists[key] = tuple(value.split())
            elif key in ("project_name", "project_directory", "directory"):
                texts[key] = value.strip()
            else:
                raise ValueError(f"{notes}: unknown key {key!r}")
    return Case(
        name=folder.name,
        kind="fixture",
        directory=str((folder / texts.get("directory", ".")).resolve()),
        root=str(folder),
        variables=variables,
        files=lists.get("files", ()),
        profiles=lists.get("profiles", ()),
        env_files=lists.get("env_files", ()),
        services=lists.get("services", ()),
        project_name=texts.get("project_name"),
        project_directory=texts.get("project_directory"),
    )


def note(case: Case) -> str:
    """The `case.txt` with which the files of a case are a fixture."""
    lines = [
        f"{key}: {' '.join(values)}"
        for key, all_values in (
            ("files", case.files),
            ("profiles", case.profiles),
            ("env_files", case.env_files),
            ("services", case.services),
            ("project_name", (case.project_name,)),
            ("project_directory", (case.project_directory,)),
        )
        if (values := tuple(value for value in all_values if value is not None))
    ]
    lines += [f"{name}={value}" for name, value in sorted(case.variables.items())]
    return "".join(f"{line}\n" for line in lines)
