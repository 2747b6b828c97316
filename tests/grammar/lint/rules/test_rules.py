"""Every rule: its row, its page, its cases under `fixtures/lint`, and that no text makes it fail.

A case is a folder with the rule's id: `*.Dockerfile` of our own, good and bad, and what the rule says to them in
`expected.txt`. Beside `NAME.Dockerfile`, `NAME.settings.json` has options of the configuration, and
`NAME.Dockerfile.dockerignore` what its build context leaves out.
"""

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.facts.ignore import Ignore
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.finding import SEVERITIES, Hit
from stackferry.grammar.lint.rule import check_of, module_name
from stackferry.grammar.lint.settings import DEFAULTS, Settings
from tests.grammar.dockerfile.making import DOCKERFILES, read
from tests.grammar.lint.making import ROOMS, RULES, facts, hits

ROOT = Path(__file__).parents[4]
CASES = ROOT / "fixtures" / "lint"
ALL = list(RULES)
SETS = {"recommended", "security", "hadolint"} | {f"hadolint:{severity}" for severity in (*SEVERITIES, "ignore")}
LONGEST_PAGE = 25
NEVER_IMPORTED = ("dataclasses", "lark", "yaml", "json", "rich", "typer", "inspect", "importlib.resources")


def settings_of(dockerfile: Path) -> Settings:
    """The options of a case: lists of JSON as tuples."""
    path = dockerfile.with_suffix(".settings.json")
    if not path.exists():
        return DEFAULTS
    given_options = json.loads(path.read_text(encoding="utf-8"))
    return Settings(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in given_options.items()}
    )


def read_case(dockerfile: Path) -> Build:
    """The facts of a case, with its build context."""
    ignore = dockerfile.with_name(f"{dockerfile.name}.dockerignore")
    context = Ignore(ignore.read_text(encoding="utf-8")) if ignore.exists() else None
    return build(parse(read(dockerfile)), context)


def shown(name: str, rule: str, file: Build, hit: Hit) -> str:
    """A finding in one line: `name:line:column-line:column id message | hint`."""
    start, end = file.source.position(hit.start), file.source.position(hit.end)
    severity = f"[{hit.severity}]" if hit.severity else ""
    hint = f" | {hit.hint}" if hit.hint else ""
    return f"{name}:{start.line}:{start.column}-{end.line}:{end.column} {rule}{severity} {hit.message}{hint}\n"


@pytest.mark.parametrize("rule", ALL)
def test_a_rule_says_what_is_expected(rule, golden):
    said = []
    dockerfiles = sorted((CASES / rule).glob("*.Dockerfile"))
    assert dockerfiles, "a rule has a folder of cases"
    for dockerfile in dockerfiles:
        file = read_case(dockerfile)
        said += [shown(dockerfile.stem, rule, file, hit) for hit in hits(rule, file, settings_of(dockerfile))]

    golden(CASES / rule / "expected.txt", "".join(said))


@pytest.mark.parametrize("rule", ALL)
def test_the_cases_of_a_rule_are_bad_and_good(rule):
    """At least one finding, and at least one instruction that has none."""
    bad = good = 0
    for path in (CASES / rule).glob("*.Dockerfile"):
        file = read_case(path)
        found = [hit.start for hit in hits(rule, file, settings_of(path))]
        bad += len(found)
        good += sum(
            not any(instruction.start <= start < instruction.end for start in found)
            for instruction in file.dockerfile.instructions
        )

    assert bad
    assert good


def test_every_folder_of_cases_is_of_a_rule():
    assert {path.name for path in CASES.iterdir()} - set(ALL) == set()


@pytest.mark.parametrize("rule", ALL)
def test_a_row_is_complete(rule):
    row = RULES[rule]

    assert row.severity in (*SEVERITIES, "ignore")
    assert set(row.sets) <= SETS
    assert re.fullmatch(r"[A-Z].*\.", row.summary)
    assert re.fullmatch(r"\d+\.\d+\.\d+", row.since)
    assert row.id not in row.aliases


def test_ids_are_unique():
    rows = [rule.id for room in dict.fromkeys(ROOMS.values()) for rule in import_module(room).RULES]

    assert sorted(rows) == sorted(set(rows))


@pytest.mark.parametrize("rule", ALL)
def test_a_page_says_what_is_wrong_and_what_is_right(rule):
    page = inspect.cleandoc(import_module(f"{ROOMS[rule]}.{module_name(rule)}").__doc__ or "")
    lines = page.splitlines()
    text = [line for line in lines if not line.startswith("    ")]

    assert lines[0] == f"{rule}: {RULES[rule].summary}"
    assert lines[1] == ""
    assert len(lines) <= LONGEST_PAGE
    assert len(re.findall(r"(?m)^\n(?=    \S)", page)) >= 2, "an example that is bad, and one that is good"
    assert not [line for line in text if line.startswith("#")]


@pytest.mark.parametrize("rule", ALL)
def test_a_module_has_one_public_function(rule):
    source = inspect.getsource(import_module(f"{ROOMS[rule]}.{module_name(rule)}"))
    functions = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]

    assert [name for name in functions if not name.startswith("_")] == ["check"]


def test_every_check_has_a_row():
    """What rules share is a fact, or a module without a check."""
    there = {
        f"{room}.{path.stem}"
        for room in dict.fromkeys(ROOMS.values())
        for path in Path(import_module(room).__file__ or "").parent.glob("*.py")
        if "\ndef check(" in path.read_text(encoding="utf-8")
    }

    assert there == {f"{ROOMS[rule]}.{module_name(rule)}" for rule in ALL}


def test_rules_import_little():
    modules = [f"{ROOMS[rule]}.{module_name(rule)}" for rule in ALL]
    script = (
        "import sys; from importlib import import_module\n"
        f"for name in {modules!r}: import_module(name)\n"
        f"print([name for name in {NEVER_IMPORTED!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


OPTIONS = (
    DEFAULTS,
    Settings(
        trusted_registries=("example.com", "*.example.org", "*"),
        label_schema={kind: kind for kind in ("text", "rfc3339", "semver", "url", "hash", "spdx", "email")},
        strict_labels=True,
        hadolint=True,
    ),
)


def all_hits(file: Build, settings: Settings) -> Iterator[tuple[str, list[Hit]]]:
    for rule in ALL:
        yield rule, list(check_of(ROOMS[rule], RULES[rule])(file, settings))


def in_order(file: Build) -> None:
    """Hits are ranges of the text, in its order, and say something."""
    for settings in OPTIONS:
        for rule, found in all_hits(file, settings):
            starts = [hit.start for hit in found]
            assert starts == sorted(starts), rule
            assert all(0 <= hit.start <= hit.end <= len(file.source.text) for hit in found), rule
            assert all(hit.message and hit.severity in ("", *SEVERITIES) for hit in found), rule


PIECES = (
    *("FROM", "FROM a", "FROM a AS b", "from a:1@sha256:0 as B", "FROM $A", "FROM --platform=$TARGETPLATFORM b"),
    *("FROM 0", "ARG", "ARG A", "ARG A=b $A", "ENV", "ENV A=$A B=${A:-c}", "ENV A b", "ENV =a", "LABEL"),
    *("LABEL text= url=$A", "LABEL =", "COPY", "COPY a", "COPY . .", "COPY --from=b / /", "COPY --from a b"),
    *('COPY ["a", "b"]', "COPY [1]", "COPY --from=0 a b", "COPY <<A <<B /\nx\nA\ny\nB", "COPY <<A /\nx $X", "ADD"),
    *("ADD a.tar /", "ADD https://x/y /z/", "ADD --checksum a b", "RUN", "RUN a", "RUN [", "RUN []"),
    *('RUN ["a", "-c", "b"]', "RUN <<A\nb\nA", "RUN --mount=from=b,target=/ a | b", "RUN a \\", "CMD", "CMD []"),
    *("CMD a", "ENTRYPOINT a", "HEALTHCHECK", "HEALTHCHECK NONE", "HEALTHCHECK CMD a", "HEALTHCHECK CMD []"),
    *("EXPOSE", "EXPOSE 1 99999 a/TCP 1-2:3 $A", "USER", "USER a", "USER $A:1", "WORKDIR", "WORKDIR a"),
    *("WORKDIR \\", "WORKDIR c:\\", "ONBUILD", "ONBUILD FROM a", "ONBUILD ONBUILD RUN a", "onbuild add a b"),
    *("SHELL", "SHELL []", 'SHELL ["a"]', "SHELL a", "MAINTAINER", "MAINTAINER a", "STOPSIGNAL", "VOLUME"),
    *("VOLUME []", "NOTHING", "# hadolint ignore=DL3000", "# a \\", "", "\\"),
)  # fmt: skip

CHARACTERS = "FROMANVCPY \\\n$\"'{}[]:=-/#,.a<\u00e9\x00"


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_no_rule_fails_on_a_broken_file(lines):
    in_order(build(parse(Source("\n".join(lines))), Ignore("a\n*.tar\n!b\n")))


@given(
    st.lists(st.sampled_from(PIECES), max_size=4), st.text("FROMANVCPY \\\n$\"'{}[]:=-/#,.a<\u00e9\x00", max_size=30)
)
def test_no_rule_fails_on_any_text(lines, text):
    in_order(facts("\n".join([*lines, text, *lines])))


@pytest.mark.corpus
@pytest.mark.slow
def test_no_rule_fails_on_the_corpus():
    for path in DOCKERFILES:
        in_order(build(parse(read(path))))
