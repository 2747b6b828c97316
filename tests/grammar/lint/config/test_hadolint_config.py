"""hadolint's file and variables as a configuration: the same findings, severities and exit codes as there."""

import pytest

from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.catalogue import catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.hadolint_config import from_environment, from_text
from stackferry.grammar.lint.config.hadolint_file import HadolintKeys
from stackferry.grammar.lint.lint import lint
from stackferry.grammar.lint.report import verdict
from stackferry.grammar.lint.selection import Selector
from stackferry.grammar.lint.settings import Settings
from stackferry.grammar.lint.terms import at_least
from tests.grammar.lint.catalogues import catalogue_of, hadolint, needs_hadolint

CATALOGUE = catalogue_of()
EVERY_RULE = {rule.id for rule in CATALOGUE.optional if rule.severity_in("hadolint")}


def config(text: str, **environment: str) -> Config:
    return from_text(text, ".hadolint.yaml", CATALOGUE, environment)


def test_an_empty_file_is_hadolints_defaults():
    assert config("") == Config(
        set="hadolint", fail_on="info", path=".hadolint.yaml", severities={}, settings=Settings()
    )


def test_every_key():
    found = config(
        "ignored: [DL3008, SC2086, DL3005]\nfailure-threshold: warning\ndisable-ignore-pragma: true\nformat: sarif\n"
        "override: {error: [DL3003, SC2046], info: [DL3003, DL3057]}\nno-color: true\n"
        "strict-labels: true\nlabel-schema: {a: url}\ntrustedRegistries: [docker.io, docker.io]\n"
    )

    assert found == Config(
        set="hadolint",
        select=("DL3057",),
        ignore=("DL3008", "SC2086", "DL3005"),
        fail_on="warning",
        severities={"DL3003": "error", "SC2046": "error", "DL3057": "info"},
        settings=Settings(("docker.io",), {"a": "url"}, True),
        heed_pragmas=False,
        format="sarif",
        color=False,
        path=".hadolint.yaml",
    )


def test_what_is_off_in_hadolint_is_on_where_it_has_a_severity():
    assert set(Selector(CATALOGUE, config("")).of("x").rules) == EVERY_RULE
    found = Selector(CATALOGUE, config("override: {style: [DL3057], error: [DL1001, FromAsCasing]}")).of("x")
    assert set(found.rules) == EVERY_RULE | {"DL3057", "DL1001"}
    assert found.severity("DL3057") == "style"
    ignored = Selector(CATALOGUE, config("override: {style: [DL3057]}\nignored: [DL3057]")).of("x")
    assert set(ignored.rules) == EVERY_RULE


def test_only_whole_ids_are_ignored():
    found = config("ignored: [DL, SC2, dl3006, nonsense, DL3006]")

    assert found.ignore == ("DL3006",)
    assert [notice.message for notice in found.notes] == [
        f"ignored: {name!r} is not a rule" for name in ("DL", "SC2", "dl3006", "nonsense")
    ]
    assert found.notes[2].hint == "did you mean 'DL3006'?"
    assert str(found.notes[2].span) == ".hadolint.yaml:1:20"


def test_an_alias_is_as_good_as_an_id():
    assert set(Selector(CATALOGUE, config("ignored: [WorkdirRelativePath]")).of("x").rules) == EVERY_RULE - {"DL3000"}


def test_a_file_that_hadolint_refuses_counts_for_nothing():
    found = config("ignored: DL3006\nno-fail: true\n", HADOLINT_IGNORE="DL3008")

    assert (found.set, found.ignore, found.fail_on) == ("hadolint", ("DL3008",), "info")
    (notice,) = found.notes
    assert (
        notice.hint == "write it as a list: [ ]; until then this whole file is ignored, by stackferry and by hadolint"
    )


@pytest.mark.parametrize(
    ("variables", "keys"),
    [
        ({}, HadolintKeys()),
        ({"HADOLINT_IGNORE": "DL1,DL2"}, HadolintKeys(ignored=("DL1", "DL2"))),
        ({"HADOLINT_IGNORE": "DL1, DL2"}, HadolintKeys(ignored=("DL1", " DL2"))),
        ({"HADOLINT_NOFAIL": "YES"}, HadolintKeys(no_fail=True)),
        ({"HADOLINT_NOFAIL": "2"}, HadolintKeys()),
        ({"HADOLINT_FAILURE_THRESHOLD": "foo"}, HadolintKeys()),
        ({"HADOLINT_FAILURE_THRESHOLD": "none"}, HadolintKeys(failure_threshold="none")),
        ({"HADOLINT_REQUIRE_LABELS": "a:url,b,c:foo"}, HadolintKeys(label_schema={"a": "url", "b": "text"})),
        ({"HADOLINT_TRUSTED_REGISTRIES": "x"}, HadolintKeys(trusted_registries=("x",))),
        ({"HADOLINT_ALLOWED_REGISTRIES": "x"}, HadolintKeys()),
        ({"HADOLINT_OVERRIDE_INFO": "DL1"}, HadolintKeys(override={"info": ("DL1",)})),
        ({"HADOLINT_STRICT_LABELS": "on", "HADOLINT_DISABLE_IGNORE_PRAGMA": "y"},
         HadolintKeys(strict_labels=True, disable_ignore_pragma=True)),
    ],
)  # fmt: skip
def test_variables(variables, keys):
    assert from_environment(variables) == keys


TEXT = (
    "FROM debian\nRUN cd /tmp\nLABEL a=b\nWORKDIR app\n# hadolint ignore=DL3003\nRUN cd /tmp && sudo apt-get update\n"
)
"""Has DL3006, DL3003, SC2164, DL3000, DL3004 and DL3009."""
CONFIGURATIONS = [
    ("", {}),
    ("ignored: [DL3006, SC2164]", {}),
    ("ignored: [DL3006, DL3005, dl3003, DL]", {}),
    ("override: {error: [DL3006], style: [DL3004]}", {}),
    ("override: {style: [DL3006], info: [DL3006]}", {}),
    ("override: {info: [DL3057, DL1001]}", {}),
    ("ignored: [DL3006]\noverride: {error: [DL3006]}", {}),
    ("override: {ignore: [DL3006]}", {}),
    *((f"failure-threshold: {name}", {}) for name in ("error", "warning", "info", "style", "ignore", "none")),
    ("failure-threshold: error\nignored: [DL3000, DL3004]", {}),
    ("failure-threshold: warning\noverride: {info: [DL3000, DL3004, DL3003, DL3006, SC2164]}", {}),
    ("no-fail: true", {}),
    ("no-fail: yes", {}),
    ("disable-ignore-pragma: true", {}),
    ("ignored: DL3006", {}),
    ("ignored: [DL3003]", {"HADOLINT_IGNORE": "DL3006"}),
    ("override: {error: [DL3006]}", {"HADOLINT_OVERRIDE_INFO": "DL3006,DL3003"}),
    ("failure-threshold: error\nignored: [DL3000, DL3004]", {"HADOLINT_FAILURE_THRESHOLD": "info"}),
    ("no-fail: true", {"HADOLINT_NOFAIL": "0"}),
    ("no-fail: false", {"HADOLINT_NOFAIL": "1"}),
    ("disable-ignore-pragma: true", {"HADOLINT_DISABLE_IGNORE_PRAGMA": "0"}),
]


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize(("text", "environment"), CONFIGURATIONS)
def test_the_real_hadolint_selects_and_judges_the_same(tmp_path, text, environment):
    """What hadolint says without a configuration, put through ours, is what it says with the configuration."""
    plain = hadolint(tmp_path, TEXT, "--disable-ignore-pragma", config="override: {info: [DL3057, DL1001]}")
    said = hadolint(tmp_path, TEXT, config=text + "\n", environment=environment)
    ours = from_text(text + "\n", "c.yaml", CATALOGUE, environment)
    selection = Selector(CATALOGUE, ours).of("Dockerfile")
    found = [
        (line, identifier, severity)
        for line, identifier, own in plain.findings
        if (severity := selection.severity(identifier, own))
        and not (ours.heed_pragmas and (line, identifier) == (6, "DL3003"))
    ]
    fails = ours.fail_on != "never" and any(at_least(severity, ours.fail_on) for _, _, severity in found)

    assert sorted(found) == sorted(said.findings)
    assert int(fails) == said.code


IMAGES = """\
FROM docker.io/library/debian:12 AS a
FROM gcr.io/x/y:1
FROM debian:12
FROM eu.gcr.io/x:1
FROM x.example.com:5000/y:1
COPY --from=quay.io/a/b:1 /a /b
FROM a
FROM scratch
"""
LABELS = """\
FROM debian:12
LABEL maintainer="me@example.com" url=http://example.com version=1.2.3 date=2026-11-29T10:00:00Z
LABEL license=MIT commit=4f6c8f0 empty="" other=x
FROM debian:11
LABEL maintainer=nobody url="no url" version=one
LABEL date=today license=none commit=zzz
"""
MAINTAINER = "FROM debian\nMAINTAINER me\n"
PRAGMAS = "# hadolint ignore=DL3006\nFROM debian\n# hadolint global ignore=DL4000\nMAINTAINER me\n"
REGISTRIES = (
    *("[docker.io]", "[gcr.io]", '["*.gcr.io"]', '["*"]', "[]", "[example.com]", '["*.example.com"]', "[quay.io]"),
    *('["x.example.com:5000", docker.io]', '["*.io"]', '["gcr.*"]', "docker.io"),
)
SCHEMAS = (
    *(
        "{maintainer: text}",
        "{maintainer: email}",
        "{url: url}",
        "{version: semver}",
        "{date: rfc3339}",
        "{license: spdx}",
    ),
    *("{commit: hash}", "{empty: text}", '{empty: ""}', "{missing: text}", "{maintainer: text, missing: url}", "{}"),
    "{maintainer: Email}",
)
VARIABLES = {"HADOLINT_REQUIRE_LABELS": "maintainer:email,missing:text", "HADOLINT_STRICT_LABELS": "1"}
WHOLE = [
    *((f"trustedRegistries: {registries}", {}, IMAGES) for registries in REGISTRIES),
    ("", {"HADOLINT_TRUSTED_REGISTRIES": "docker.io,gcr.io"}, IMAGES),
    ("trustedRegistries: [quay.io]", {"HADOLINT_TRUSTED_REGISTRIES": "docker.io"}, IMAGES),
    *((f"label-schema: {schema}", {}, LABELS) for schema in SCHEMAS),
    ("strict-labels: true", {}, LABELS),
    ("strict-labels: true\nlabel-schema: {maintainer: text, other: text}", {}, LABELS),
    ("", VARIABLES, LABELS),
    *(
        (f"failure-threshold: {name}", {}, text)
        for name in ("error", "warning", "info", "style", "ignore", "none")
        for text in ("FROM debian:12\nLABEL Wrong=x\n", "FROM debian\n", "FROM debian:12\nMAINTAINER me\n")
    ),
    ("override: {info: [DL4000], style: [DL3006]}", {}, MAINTAINER),
    ("override: {error: [DL3006]}\nfailure-threshold: error", {}, "FROM debian\n"),
    ("ignored: [DL3006]", {}, MAINTAINER),
    ("ignored: [DL3006, DL4000]", {}, MAINTAINER),
    ("override: {info: [DL1001]}", {}, PRAGMAS),
    ("disable-ignore-pragma: true", {}, PRAGMAS),
]


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize(("text", "environment", "dockerfile"), WHOLE)
def test_the_real_hadolint_finds_and_judges_the_same(tmp_path, text, environment, dockerfile):
    """Through our own rules: the same findings with the same severities in the same lines, and the same exit code."""
    said = hadolint(tmp_path, dockerfile, config=text + "\n", environment=environment)
    ours = from_text(text + "\n", "c.yaml", catalogue(), environment)
    report = lint(Source(dockerfile), ours)

    # hadolint says once of an instruction what we say of each label in it.
    assert {(one.line, one.id, one.severity) for one in report.findings} == set(said.findings)
    assert verdict([report], ours.fail_on) == said.code
