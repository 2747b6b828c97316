"""Rules for certain instructions: their modules are not imported for a file without these."""

import re
import subprocess
import sys
from collections.abc import Iterable
from itertools import groupby

import pytest

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.catalogue import catalogue
from stackferry.grammar.lint.rule import Rule, module_name
from stackferry.grammar.lint.run import keywords
from stackferry.grammar.lint.settings import Settings
from tests.conformance.lint.dockerfile import corpus, fixtures

RULES = catalogue()
BOUND = sorted((rule for rule in RULES.optional if rule.keywords), key=lambda rule: rule.keywords)
SCRIPT = """
import sys
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.lint import lint

lint(Source("FROM a\\nRUN b\\n"), Config(set="all"))
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize(
    ("bound", "rules"), [(bound, list(rules)) for bound, rules in groupby(BOUND, lambda rule: rule.keywords)]
)
def test_they_find_nothing_in_a_file_without_them(bound: tuple[str, ...], rules: list[Rule]) -> None:
    """In our fixtures, out of which these instructions are taken first."""
    instruction = re.compile(rf"(?im)^[ \t]*(ONBUILD[ \t]+)*({'|'.join(bound)})\b")

    assert (
        _found(rules, (build(parse(Source(instruction.sub("RUN", decoded(one.content))))) for one in fixtures())) == []
    )


@pytest.mark.corpus
def test_they_find_nothing_in_other_peoples_files_without_them() -> None:
    assert _found(BOUND, [build(parse(Source(decoded(one.content), one.name))) for one in corpus()]) == []


def _found(rules: list[Rule], files: Iterable[Build]) -> list[str]:
    files = [(file, keywords(file.dockerfile)) for file in files]
    found = []
    for rule in rules:
        check = RULES.check(rule.id)
        assert check is not None
        without = [file for file, present in files if present.isdisjoint(rule.keywords)]
        assert without
        found += [
            f"{rule.id}: {file.source.path}: {hit.message}" for file in without for hit in check(file, Settings())
        ]
    return found


def test_they_are_not_imported_for_a_file_without_them() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())

    assert len(loaded) > len(BOUND) > 0
    assert [rule.id for rule in BOUND if f"{RULES.room(rule.id)}.{module_name(rule.id)}" in loaded] == []
