"""Writes the pages under docs/ that are made from the code; `--check` fails instead if one is out of date.

`make docs` runs it. A page is a function that returns its text; `PAGES` lists them.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import live
import typer

from stackferry.root import app

if TYPE_CHECKING:
    from stackferry.grammar.fates import Fate

DOCS = Path(__file__).resolve().parent
MADE = "<!-- Made from the code by `make docs`: change that, not this. -->"


def commands() -> str:
    """The help of every command, as the terminal shows it."""
    root = typer.main.get_command(app)
    parts = [
        f"# Commands\n\n{MADE}",
        INTRODUCTION,
        f"## stackferry\n\n{_help(root, 'stackferry')}",
    ]
    for name, command in sorted(root.commands.items()):  # type: ignore[attr-defined]
        if not command.hidden:
            parts.append(f"## stackferry {name}\n\n{_help(command, f'stackferry {name}')}")
            for word, part in sorted(getattr(command, "commands", {}).items()):
                parts.append(f"### stackferry {name} {word}\n\n{_help(part, f'stackferry {name} {word}')}")
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
Data goes to standard output, everything else to standard error.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | an expected failure, or findings |
| 2 | wrong usage |
| 3 | a bug in stackferry; the message names the log that a report needs |
| 4 | something would change: `plan --exit-code` only |
| 130 | interrupted |

A finding is `path:line:column: severity[code]: message`, then the line with a caret, then `hint:` with what to do.
With `--format json`, standard error holds one JSON list of objects with the keys `path`, `line`, `column`, `severity`,
`code`, `message` and `hint` instead, or nothing. Wrong usage (2) is told in words: what is wrong may be the format.

Colours appear on a terminal only; `--color`, `NO_COLOR` and `TERM=dumb` are heeded."""


def _help(command: object, path: str) -> str:
    with command.make_context(path, [], resilient_parsing=True) as context:  # type: ignore[attr-defined]
        # The width must not depend on the terminal that `make docs` ran in.
        context.terminal_width = 100
        return f"```\n{context.get_help()}\n```"


def support() -> str:
    """The translator's table of fates, a section for each top-level key and each key of a service."""
    from stackferry.translator.fates import FATES

    return _fates("# What becomes of each compose key", FATES, ABOUT_FATES, MEANINGS, ABOUT_PLACES)


def support_local() -> str:
    """The emulator's table of fates."""
    from stackferry.emulator.fates import FATES

    heading = "# What becomes of each compose key on the local engine"
    return _fates(heading, FATES, ABOUT_LOCAL_FATES, MEANINGS | LOCAL_MEANINGS, ABOUT_LOCAL_PLACES)


def _fates(heading: str, fates: Mapping[str, "Fate"], about: str, meanings: Mapping[str, str], places: str) -> str:
    from collections import Counter

    from stackferry.grammar.notes import Kind

    counts = Counter(fate.kind for fate in fates.values())
    parts = [
        f"{heading}\n\n{MADE}",
        about,
        _table(("fate", "meaning", "keys"), [(kind.value, meanings[kind.name], str(counts[kind])) for kind in Kind]),
        places,
    ]
    for title, paths in _sections(fates):
        rows = [(f"`{path}`", fates[path].kind.value, fates[path].why, _places(fates[path].places)) for path in paths]
        parts.append(f"## {title}\n\n{_table(('key', 'fate', 'why', 'where'), rows)}")
    return "\n\n".join(parts) + "\n"


ABOUT_FATES = """\
Every key path of the Compose Specification, and what becomes of it on Kubernetes.
`stackferry explain` says the same of your stack, with line numbers and the places in its manifests;
there, a value that needs more or less than its key in general has a fate of its own."""

ABOUT_PLACES = """\
In the last column, *workload* is the service's Deployment, DaemonSet or Job; *template*, *pod* and *container* are its
parts; *service* is the Service by which other services call it, *published* the one for the outside."""

MEANINGS = {
    "EXACT": "works as before, or has done its work when the stack is loaded",
    "NOT_APPLICABLE": "says nothing about the running stack: obsolete, for building, for the laptop",
    "APPROXIMATED": "works, with a difference worth knowing",
    "NEEDS_ACTION": "does not work as before until you do something; `convert` warns",
    "NOT_YET": "stackferry does not translate it yet; `convert` warns",
}


ABOUT_LOCAL_FATES = """\
Every key path of the Compose Specification, and what becomes of it when `stackferry up` runs the stack on the engine
of this machine, as a swarm would. `stackferry explain --target local` says the same of your stack, with the lines."""

ABOUT_LOCAL_PLACES = """\
In the last column, *service* is the service's spec, *container* what each of its tasks runs, *option* a field of the
engine's HostConfig."""

LOCAL_MEANINGS = {
    "EXACT": "works as in a swarm, or as in docker compose where a swarm has nothing of the kind",
    "NEEDS_ACTION": "does not work until you do something",
    "NOT_YET": "stackferry does not do it yet; `up` warns",
}


def _sections(paths: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Paths by their first part; those of a service by its key, if that has keys below it."""
    groups: dict[str, list[str]] = {}
    for path in sorted(paths):
        parts = path.replace("[]", "").split(".")
        heading = f"services.*.{parts[2]}" if len(parts) > 2 and parts[0] == "services" else parts[0]
        groups.setdefault(heading, []).append(path)
    for heading in [one for one, members in groups.items() if len(members) == 1 and one.startswith("services.*")]:
        groups.setdefault("services.*", []).extend(groups.pop(heading))
    return sorted(groups.items(), key=lambda group: (group[0].startswith("services.*"), group[0]))


def _places(places: Iterable[str]) -> str:
    return ", ".join(f"`{place}`" for place in places)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = tuple(headings)
    lines = [headings, ["---"] * len(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def lint_differences() -> str:
    """The table of what `stackferry lint` and its peers mean to say differently."""
    sys.path.insert(0, str(DOCS.parent))
    from tests.conformance.lint.known import page

    return f"# Where `stackferry lint` differs from its peers\n\n{MADE}\n\n{ABOUT_LINT_DIFFERENCES}\n\n{page()}\n"


ABOUT_LINT_DIFFERENCES = """\
The references are hadolint 2.15.1, for the rules with its ids, and the linter of BuildKit 0.34.2 (`docker build
--check`), for what is valid and for the checks that have its names; and Checkov 3.3.30 for certificates, signatures
and passwords (CKV2_DOCKER_2 to 17). `make conformance` runs them beside ours over other people's Dockerfiles and our
own, and lists every difference by rule. This page says which of them are meant, each with its reason and the reports
that ask for it. A difference that is not here is a bug: please report it.

Places differ throughout: hadolint and BuildKit name the first line of an instruction, stackferry the line and the
column that are meant. Where hadolint refuses a file that BuildKit takes, there is nothing to compare."""


def minikube_doctor() -> str:
    """The table of checks before a cluster is made, by what they are about."""
    from stackferry.translator.minikube.doctor import choice
    from stackferry.translator.minikube.doctor.table import PARTS

    parts = [f"# What the doctor looks for: minikube\n\n{MADE}", ABOUT_MINIKUBE_DOCTOR]
    for title, checks in {"The driver": choice.CHECKS, **PARTS}.items():
        rows = [(f"`{one.name}`", one.finds, one.remedy, "VirtualBox" if one.virtualbox else "any") for one in checks]
        parts.append(f"## {title}\n\n{_table(('check', 'what it finds', 'what to do', 'driver'), rows)}")
    return "\n\n".join(parts) + "\n"


ABOUT_MINIKUBE_DOCTOR = """\
`stackferry doctor --target minikube` makes all of these checks, and so does `stackferry minikube up` before it makes
anything: a `FAIL` stops it. They ask VBoxManage, `VBox.log`, minikube, the kernel and the node itself, all at the same
time, and change nothing; what minikube would advise is not asked, for at times it is wrong. A line also names the exit
code and the name with which minikube would end. Remedies are printed, and never carried out.

A check whose facts cannot be had says that it was *not tried*, and why. One that has nothing to look at is left out:
the node's clock, say, where no node runs. With `-- --force`, which root has to give, a FAIL that follows from this
computer's kernel and devices alone, and not from what VBoxManage says, is a warning: minikube's own validations are,
too."""


def _live(page: str) -> Callable[[], str]:
    return lambda: live.refreshed((DOCS / page).read_text(encoding="utf-8"))


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "support.md": support,
    "support-local.md": support_local,
    "lint-differences.md": lint_differences,
    "minikube-doctor.md": minikube_doctor,
    "loading.md": _live("loading.md"),
    "errors.md": _live("errors.md"),
    "lint.md": _live("lint.md"),
    "library.md": _live("library.md"),
    "../README.md": _live("../README.md"),
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only compare; 1 if one differs."""
    stale = []
    for name, page in PAGES.items():
        path, text = (DOCS / name).resolve(), page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" in arguments:
            print(f"{path.name} is out of date: run `make docs`", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path.name}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
