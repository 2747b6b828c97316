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
| 1 | failure, or findings |
| 2 | wrong usage |
| 3 | a bug in stackferry; attach the log that the message names to a report |
| 4 | `plan --exit-code` only: something would change |
| 130 | interrupted |

A finding is `path:line:column: severity[code]: message`, then the line with a caret, then `hint:` with what to do.
With `--format json`, standard error is instead a JSON list of objects with the keys `path`, `line`, `column`,
`severity`, `code`, `message` and `hint`, or empty. Wrong usage (2) is always reported as text.

Output is coloured on terminals only; `--color`, `NO_COLOR` and `TERM=dumb` change that."""


def _help(command: object, path: str) -> str:
    with command.make_context(path, [], resilient_parsing=True) as context:  # type: ignore[attr-defined]
        # The width must not depend on the terminal that `make docs` ran in.
        context.terminal_width = 100
        return f"```\n{context.get_help()}\n```"


def support() -> str:
    """The translator's table of fates, a section for each top-level key and each key of a service."""
    from stackferry.translator.fates import FATES

    return _fates("# Compose keys on Kubernetes", FATES, ABOUT_FATES, MEANINGS, ABOUT_PLACES)


def support_local() -> str:
    """The emulator's table of fates."""
    from stackferry.emulator.fates import FATES

    heading = "# Compose keys on the local engine"
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
`stackferry explain` shows the same for your stack, with line numbers and places in its manifests. It judges values,
not only keys, so the fate of a value there may differ from its key's here."""

ABOUT_PLACES = """\
In the last column, *workload* is the service's Deployment, DaemonSet or Job; *template*, *pod* and *container* are its
parts; *service* is the Service that other services call, *published* the Service for published ports."""

MEANINGS = {
    "EXACT": "works as in docker compose, or is resolved while the stack is loaded",
    "NOT_APPLICABLE": "does not affect the running stack: obsolete, or for builds or the laptop only",
    "APPROXIMATED": "works, with a difference that you should know",
    "NEEDS_ACTION": "works only after you do something; `convert` warns",
    "NOT_YET": "not translated yet; `convert` warns",
}


ABOUT_LOCAL_FATES = """\
Every key path of the Compose Specification, and what becomes of it when `stackferry up` runs the stack on the engine
of this machine, as a swarm would. `stackferry explain --target local` shows the same for your stack, with line
numbers."""

ABOUT_LOCAL_PLACES = """\
In the last column, *service* is the service's spec, *container* the spec of its tasks' containers, *option* a field of
the engine's HostConfig."""

LOCAL_MEANINGS = {
    "EXACT": "works as in a swarm, or as in docker compose if a swarm lacks the key",
    "NEEDS_ACTION": "works only after you do something",
    "NOT_YET": "not supported yet; `up` warns",
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

    return f"# How `stackferry lint` differs from other linters\n\n{MADE}\n\n{ABOUT_LINT_DIFFERENCES}\n\n{page()}\n"


ABOUT_LINT_DIFFERENCES = """\
| compared with | for |
| --- | --- |
| hadolint 2.15.1 | rules with its ids |
| the linter of BuildKit 0.34.2 (`docker build --check`) | syntax, and checks with its names |
| Checkov 3.3.30 (CKV2_DOCKER_2 to 17) | certificates, signatures and passwords |

`make conformance` runs them beside stackferry on our Dockerfiles and on other people's, and lists every difference by
rule. The intended ones are below, each with its reason and the issues that ask for it. Any other difference is a bug:
please report it.

Two things are not compared: positions (hadolint and BuildKit report the first line of an instruction, stackferry the
exact line and column), and files that hadolint refuses and BuildKit accepts."""


def minikube_doctor() -> str:
    """The table of checks before a cluster is made, by what they are about."""
    from stackferry.translator.minikube.doctor import choice
    from stackferry.translator.minikube.doctor.table import PARTS

    parts = [f"# Checks before minikube starts\n\n{MADE}", ABOUT_MINIKUBE_DOCTOR]
    for title, checks in {"The driver": choice.CHECKS, **PARTS}.items():
        rows = [(f"`{one.name}`", one.finds, one.remedy, "VirtualBox" if one.virtualbox else "any") for one in checks]
        parts.append(f"## {title}\n\n{_table(('check', 'what it finds', 'what to do', 'driver'), rows)}")
    return "\n\n".join(parts) + "\n"


ABOUT_MINIKUBE_DOCTOR = """\
`stackferry doctor --target minikube` makes these checks. `stackferry minikube up` makes them before it creates
anything, and stops at a `FAIL`.

* The checks run at the same time and change nothing. They ask VBoxManage, `VBox.log`, minikube, the kernel and the
  node; minikube's own advice is not used, because it is sometimes wrong.
* A line also names the error and exit code with which minikube would fail. Remedies are printed, never carried out.
* A check that lacks its facts says *not tried*, and why. A check without an object is left out: the node's clock if no
  node runs.
* With `-- --force`, which root needs, a FAIL that is based on this computer's kernel and devices, not on
  VBoxManage, is a warning, as minikube's own validations are."""


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
