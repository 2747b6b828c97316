"""A whole run on one file: which findings, in which order, with which severity, and the effect of a bug."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.catalogue import ROOMS, Catalogue, of_rooms
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.finding import Finding, Hit
from stackferry.grammar.lint.lint import lint
from stackferry.grammar.lint.report import Report, finish, verdict
from stackferry.grammar.lint.rule import Rule
from stackferry.grammar.lint.run import prepare
from stackferry.grammar.lint.selection import Selector
from stackferry.grammar.lint.settings import Settings
from tests.grammar.dockerfile.making import DOCKERFILES, read
from tests.grammar.lint.catalogues import PRAGMA_ROOM, room

Check = Callable[[Build, Settings], Iterator[Hit]]


def says(word: str, message: str = "found", severity: str = "", length: int = 0) -> Check:
    """A check that marks every occurrence of a word."""

    def check(file: Build, settings: Settings) -> Iterator[Hit]:
        text = file.source.text
        at = text.find(word)
        while at >= 0:
            yield Hit(at, at + (length or len(word)), message, severity=severity)
            at = text.find(word, at + 1)

    return check


def fails(file: Build, settings: Settings) -> Iterator[Hit]:
    yield Hit(0, 1, "before the bug")
    raise ZeroDivisionError("a bug")


RECOMMENDED = ("recommended", "hadolint")
RULES = (
    (Rule("DL3000", "error", "", RECOMMENDED, ("WorkdirRelativePath",)), says("WORKDIR")),
    (Rule("DL3003", "warning", "", RECOMMENDED), says("cd")),
    (Rule("DL3009", "info", "", RECOMMENDED), says("apt")),
    (Rule("DL3043", "error", "", RECOMMENDED), says("ONBUILD FROM")),
    (Rule("DL3044", "error", "", RECOMMENDED), says("$both")),
    (Rule("UndefinedVar", "warning", "", ("recommended",)), says("$")),
    (Rule("FromAsCasing", "style", "", ()), says("from")),
    (Rule("InvalidDefinitionDescription", "style", "", ()), says("ARG")),
    (Rule("two-severities", "warning", "", ("recommended",)), says("mild", severity="info")),
    (Rule("breaks", "warning", "", ()), fails),
)


def catalogue() -> Catalogue:
    rows = [rule for rule, _ in RULES]
    return of_rooms((room("lint_room", rows, {rule.id: check for rule, check in RULES}), PRAGMA_ROOM))


CATALOGUE = catalogue()


def report(text: str, shellcheck=None, **config) -> Report:
    return lint(Source(text), Config(**config), rules=CATALOGUE, shellcheck=shellcheck)


def found(text: str, **config) -> list[str]:
    return [f"{one.line}:{one.column} {one.severity} {one.id}" for one in report(text, **config).findings]


def test_a_finding_has_its_place():
    (finding,) = report("FROM a:1\nRUN a && \\\n  cd /x\n").findings

    assert finding == Finding("Dockerfile", 3, 3, 3, 5, "warning", "DL3003", "found", "")


def test_the_end_of_a_finding_is_not_the_start_of_the_next_line():
    rows = [Rule("DL3003", "warning", "", RECOMMENDED)]
    rules = of_rooms((room("whole_lines", rows, {"DL3003": says("RUN", length=9)}),))
    (finding,) = lint(Source("FROM a:1\nRUN cd x\r\nRUN"), Config(), rules=rules).findings[:1]

    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 1, 2, 9)


def test_findings_come_in_the_order_of_the_file_then_of_their_ids():
    text = "FROM a:1\nWORKDIR cd\nWORKDIR x\nRUN cd apt\n"
    expected = ["2:1 error DL3000", "2:9 warning DL3003", "3:1 error DL3000", "4:5 warning DL3003", "4:8 info DL3009"]

    assert found(text) == expected


def test_what_the_parser_reports_is_reported():
    assert found("FROM a:1\nFOO x\nRUN cd\n") == ["2:1 error unknown-instruction", "3:5 warning DL3003"]
    assert found("FOO x\n", set="none") == ["1:1 error unknown-instruction"]
    assert found("") == ["1:1 error no-instructions"]
    assert found("FOO x\n", ignore=("unknown-instruction",)) == []


def test_what_a_build_refuses_of_a_mount_is_reported():
    text = "FROM a:1\nRUN --mount=type=foo,target=/x --mount=type=cache,target=/y a\nONBUILD RUN --mount=what b\n"
    assert found(text, set="none") == ["2:5 error invalid-mount", "3:13 error invalid-mount"]


def test_what_two_rules_say_of_one_place_is_said_once():
    assert found("FROM a:1\nONBUILD FROM b\n") == ["2:1 error DL3043"]
    assert found("FROM a:1\nONBUILD FROM b\n", ignore=("DL3043",)) == ["2:9 error invalid-onbuild-trigger"]
    assert found("FROM a:1\nENV a=$both b=$one\n") == ["2:7 error DL3044", "2:15 warning UndefinedVar"]
    assert found("FROM a:1\nENV a=$both\n", ignore=("DL3044",)) == ["2:7 warning UndefinedVar"]


def test_the_same_finding_twice_is_one():
    rows = [Rule("DL3003", "warning", "", RECOMMENDED)]

    def twice(file: Build, settings: Settings) -> Iterator[Hit]:
        yield from (Hit(0, 4, "one"), Hit(0, 4, "one"), Hit(0, 4, "other"), Hit(0, 3, "one"))

    rules = of_rooms((room("twice", rows, {"DL3003": twice}),))
    findings = lint(Source("FROM a:1\n"), Config(), rules=rules).findings
    assert [finding.message for finding in findings] == ["one", "other"]


def test_severities():
    assert found("FROM a:1\nRUN mild\n") == ["2:5 info two-severities"]
    assert found("FROM a:1\nRUN mild\n", severities={"two-severities": "error"}) == ["2:5 error two-severities"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a:1\n# hadolint ignore=DL3003\nRUN cd\nRUN cd\n", ["4:5 warning DL3003"]),
        ("FROM a:1\n# check=skip=WorkdirRelativePath\nWORKDIR x\n", []),
        ("FROM a:1\n# stackferry ignore=DL3003, WorkdirRelativePath why\nWORKDIR cd\n", []),
        ("FROM a:1\n# hadolint ignore=unknown-instruction\nFOO x\n", []),
    ],
)
def test_pragmas_silence(text, expected):
    assert found(text) == expected


def test_pragmas_may_be_switched_off():
    text = "FROM a:1\n# hadolint ignore=DL3003,DL9999\nRUN cd\n"
    assert found(text, heed_pragmas=False) == ["3:5 warning DL3003"]


def test_pragmas_are_judged():
    text = "FROM a:1\n# hadolint ignore=DL3003,DL3009,DL9999\nRUN cd\n"
    expected = ["2:26 info unused-pragma", "2:33 warning unknown-pragma-id"]

    assert found(text) == expected
    assert found(text, ignore=("unused-pragma",)) == expected[1:]
    assert found(text, set="hadolint") == []
    assert found("# stackferry ignore=unused-pragma,unknown-pragma-id\n" + text, set="recommended") == [
        "3:26 info unused-pragma",
        "3:33 warning unknown-pragma-id",
    ], "a pragma for FROM does not cover the next instruction"
    assert found("# stackferry global ignore=unused-pragma,unknown-pragma-id\n" + text) == []


def test_only_what_ran_is_called_unused():
    text = "FROM a:1\n# hadolint ignore=DL3003,SC2086,FromAsCasing\nRUN x\n"

    assert found(text) == ["2:19 info unused-pragma"]
    assert found(text, ignore=("DL3003",)) == []
    assert found(text, select=("FromAsCasing",)) == ["2:19 info unused-pragma", "2:33 info unused-pragma"]
    assert [one.column for one in report(text, lambda builds: [[] for _ in builds]).findings] == [19, 26]


def shellcheck(*ids: str, severity: str = "warning") -> Callable[[Sequence[Build]], list[list[Hit]]]:
    def run(builds: Sequence[Build]) -> list[list[Hit]]:
        return [
            [
                Hit(build.source.text.find("x"), build.source.text.find("x") + 1, "quote it", "", severity, name)
                for name in ids
            ]
            for build in builds
        ]

    return run


def test_what_shellcheck_says_is_selected_as_all_else():
    def ids(text: str, run, **config) -> list[str]:
        return [f"{one.id} {one.severity}" for one in report(text, run, **config).findings]

    text = "FROM a:1\nRUN x\n"
    assert ids(text, shellcheck("SC2086", "SC2046")) == ["SC2046 warning", "SC2086 warning"]
    assert ids(text, shellcheck("SC2086", severity="info")) == []
    assert ids(text, shellcheck("SC2086", severity="info"), select=("SC2086",)) == ["SC2086 info"]
    assert ids(text, shellcheck("SC2086", severity="style"), set="hadolint") == ["SC2086 style"]
    assert ids(text, shellcheck("SC2086"), ignore=("SC2",)) == []
    pragma = "FROM a:1\n# hadolint ignore=SC2086\nRUN x\n"
    assert ids(pragma, shellcheck("SC2086")) == []
    assert ids(pragma, shellcheck("SC2086", severity="info")) == [], "it did silence something, though not for this set"
    assert ids(pragma, shellcheck("SC2046")) == ["unused-pragma info", "SC2046 warning"]


def test_shellcheck_is_not_started_for_nothing():
    def never(builds: Sequence[Build]) -> list[list[Hit]]:
        raise AssertionError

    assert report("FROM a:1\nRUN x\n", never, set="security").findings == ()


def test_many_files_are_one_batch():
    selection = Selector(CATALOGUE, Config()).of("x")
    prepared = [prepare(Source(f"FROM a:1\nRUN {'y' * number}x\n", str(number)), selection) for number in range(3)]
    hits = shellcheck("SC2046")([one.build for one in prepared if one.build])
    reports = [finish(one, said) for one, said in zip(prepared, hits, strict=True)]

    assert [[(one.path, one.column) for one in report.findings] for report in reports] == [
        [("0", 5)],
        [("1", 6)],
        [("2", 7)],
    ]


def test_a_bug_in_one_rule_hides_nothing_else():
    said = report("FROM a:1\nRUN cd\n", select=("breaks",))

    assert [(one.id, one.severity) for one in said.findings] == [("internal-error", "error"), ("DL3003", "warning")]
    assert said.findings[0].message.startswith("rule breaks failed: ZeroDivisionError: a bug (test_lint.py:")
    assert said.failed == (said.findings[0].message,)
    assert verdict([said], "never") == 3
    assert report("# stackferry global ignore=internal-error\nFROM a:1\n", select=("breaks",)).failed


def test_a_bug_in_the_facts_is_one_finding():
    def facts(dockerfile):
        raise RecursionError("too deep")

    said = lint(Source("FROM a:1\nFOO cd\n"), Config(), rules=CATALOGUE, facts=facts)

    assert [one.id for one in said.findings] == ["internal-error", "unknown-instruction"]
    assert verdict([said], "error") == 3


def test_a_rule_that_failed_is_not_called_unused():
    assert found("FROM a:1\n# stackferry ignore=breaks\nRUN x\n", select=("breaks",)) == ["1:1 error internal-error"]


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], "style", 0),
        (["style"], "style", 1),
        (["style"], "info", 0),
        (["info"], "warning", 0),
        (["warning"], "warning", 1),
        (["error", "style"], "error", 1),
        (["warning"], "error", 0),
        (["error"], "never", 0),
    ],
)
def test_the_exit_code(severities, fail_on, code):
    findings = tuple(Finding("x", 1, 1, 1, 1, severity, "DL3003", "") for severity in severities)
    assert verdict([Report(()), Report(findings)], fail_on) == code


def test_check_makes_errors_of_buildkits_checks():
    text = "# check=error=true\nFROM a:1\nRUN cd $x\n"

    assert found(text) == ["3:5 warning DL3003", "3:8 error UndefinedVar"]
    assert found(text, set="hadolint", select=("UndefinedVar",)) == ["3:5 warning DL3003", "3:8 warning UndefinedVar"]


def test_check_switches_experimental_checks_on():
    text = "{0}FROM a:1\n{1}ARG x\nARG y\n"

    assert found(text.format("", "")) == []
    expected = ["3:1 style InvalidDefinitionDescription", "4:1 style InvalidDefinitionDescription"]
    assert found(text.format("# check=experimental=all\n", "")) == expected
    assert found(text.format("# check=experimental=InvalidDefinitionDescription\n", "")) == expected
    assert found(text.format("", "# check=experimental=all\n")) == expected[:1]
    assert found(text.format("# check=experimental=FromAsCasing\n", "")) == []
    assert found(text.format("# check=experimental=all\n", ""), set="hadolint") == []


LINES = st.sampled_from(
    [
        *(
            "FROM a:1",
            "FROM a AS b",
            "RUN cd x",
            "WORKDIR a",
            "FOO",
            "ENV a=$both",
            "ONBUILD FROM a",
            "RUN <<A",
            "A",
            "",
        ),
        *("# hadolint ignore=DL3003,DL9", "# hadolint global ignore=DL3000", "# check=skip=all;error=true"),
        *("# check=experimental=all", "# stackferry stage ignore=UndefinedVar x", "RUN a \\", "\ufeff", "\x00", "\r"),
    ]
)


@given(st.lists(LINES, max_size=10).map("\n".join) | st.text())
def test_any_text_is_linted(text):
    said = lint(Source(text), Config(set="all", ignore=("breaks",)), rules=CATALOGUE)

    assert said.failed == ()
    assert list(said.findings) == sorted(said.findings, key=lambda one: (one.line, one.column, one.id, one.message))
    assert len(set(said.findings)) == len(said.findings)
    assert all((one.line, one.column) <= (one.end_line, one.end_column) for one in said.findings)


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("chosen", ["all", "hadolint"])
def test_every_real_file_is_linted(chosen):
    rules = of_rooms(ROOMS)
    selection = Selector(rules, Config(set=chosen)).of("x")
    for path in DOCKERFILES:
        said = finish(prepare(read(path), selection))

        assert said.failed == (), path
        keys = [(one.line, one.column, one.id, one.message) for one in said.findings]
        assert keys == sorted(set(keys)), path


NEVER_IMPORTED = ("dataclasses", "enum", "lark", "yaml", "tomllib", "json", "rich", "typer", "inspect", "difflib")


def test_a_lint_imports_little():
    script = (
        "import sys\n"
        "from stackferry.grammar.lint.lint import lint\n"
        "from stackferry.grammar.lint.config.config import Config\n"
        "from stackferry.grammar.lint.config.find_config import ConfigFinder\n"
        "from stackferry.grammar.lint.catalogue import catalogue\n"
        "from stackferry.grammar.dockerfile.source import Source\n"
        "config = ConfigFinder(lambda path: None, catalogue(), cwd='/', environment={}).for_file('x')\n"
        "lint(Source('FROM a:1\\nRUN cd x\\n'), config._replace(set='all'))\n"
        f"print([name for name in {NEVER_IMPORTED!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout in ("[]\n", "['enum']\n"), "re imports enum"


@pytest.mark.parametrize(
    ("value", "place"),
    [("n", (1, 9)), ("skip=all;error=maybe", (1, 18)), ("skip=all;n", (1, 18)), ("skip=all", None), ("skip=", None)],
)
def test_a_check_directive_that_a_build_refuses(value, place) -> None:
    first, elsewhere = (
        report(text).findings for text in (f"# check={value}\nFROM a:1\n", f"FROM a:1\n# check={value}\nRUN b\n")
    )

    assert [(one.line, one.column) for one in first if one.id == "invalid-directive"] == ([place] if place else [])
    assert "unknown-pragma-id" not in [one.id for one in first]
    assert "invalid-directive" not in [one.id for one in elsewhere]


@pytest.mark.parametrize("text", ["RUN sudo x\n", "ARG A\nRUN sudo x\nFROM a:1\n", "FORM a:1\nRUN sudo x\n"])
def test_what_stands_before_the_first_from_is_judged_too(text) -> None:
    assert "DL3004" in [one.id for one in lint(Source(text), Config(set="all")).findings]
