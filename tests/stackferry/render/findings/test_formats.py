"""The formats: each is valid for any files and messages, and equals hadolint's where hadolint has it, too."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.finding import SEVERITIES, Finding
from stackferry.render.findings.formats import ALIASES, FORMATS, NAMES, rendered
from stackferry.render.findings.results import Results
from stackferry.render.style import Style

PIN = Finding("Dockerfile", 2, 5, 2, 12, "warning", "DL3008", "Pin versions", "write curl=8")
SPLIT = Finding("Dockerfile", 2, 20, 3, 4, "style", "SC2086", 'Quote "$x" & <y>')
PORT = Finding("a b/web.dockerfile", 7, 8, 7, 13, "error", "DL3011", "no port: 70000, at all")
FILES = ("Dockerfile", "clean", "a b/web.dockerfile")
LINES = {"Dockerfile": ["FROM a", "RUN apt-get install curl \\", "  x"], "a b/web.dockerfile": ["x"] * 7}


def line(path, number):
    return LINES[path][number - 1]


RESULTS = Results(
    (PIN, SPLIT, PORT), FILES, "1.2.3", line=line, summary=lambda name: f"about {name}"[: 100 - len(name)]
)
EMPTY = Results((), ("Dockerfile",), "1.2.3")


def test_text():
    assert rendered("text", RESULTS) == (
        "Dockerfile:2:5: warning[DL3008]: Pin versions\n"
        'Dockerfile:2:20: style[SC2086]: Quote "$x" & <y>\n'
        "a b/web.dockerfile:7:8: error[DL3011]: no port: 70000, at all\n"
    )


def test_full():
    assert rendered("full", RESULTS._replace(findings=(PIN, PORT))) == (
        "Dockerfile:2:5: warning[DL3008]: Pin versions\n"
        "    2 | RUN apt-get install curl \\\n"
        "      |     ^\n"
        "  hint: write curl=8\n"
        "a b/web.dockerfile:7:8: error[DL3011]: no port: 70000, at all\n"
        "    7 | x\n"
        "      |  ^\n"
    )


def test_colours_only_paint():
    painted = rendered("full", RESULTS._replace(style=Style(True)))

    assert "\033[1;33mwarning[DL3008]\033[0m" in painted
    assert re.sub("\033\\[[0-9;]*m", "", painted) == rendered("full", RESULTS)


def test_json():
    assert json.loads(rendered("json", RESULTS))[0] == {
        "code": "DL3008",
        "column": 5,
        "endColumn": 12,
        "endLine": 2,
        "file": "Dockerfile",
        "fix": None,
        "level": "warning",
        "line": 2,
        "message": "Pin versions",
    }


def test_github():
    assert rendered("github", RESULTS) == (
        "::warning file=Dockerfile,line=2,endLine=2,col=5,endColumn=12,title=DL3008::Pin versions\n"
        '::notice file=Dockerfile,line=2,endLine=3,title=SC2086::Quote "$x" & <y>\n'
        "::error file=a b/web.dockerfile,line=7,endLine=7,col=8,endColumn=13,title=DL3011::no port: 70000, at all\n"
    )


def test_github_escapes():
    finding = PIN._replace(path="a:b,c%.dockerfile", message="50%\nmore: a, b")

    assert rendered("github", RESULTS._replace(findings=(finding,))) == (
        "::warning file=a%3Ab%2Cc%25.dockerfile,line=2,endLine=2,col=5,endColumn=12,title=DL3008::50%25%0Amore: a, b\n"
    )


def test_sarif():
    [run] = json.loads(rendered("sarif", RESULTS))["runs"]

    assert run["tool"]["driver"] == {
        "name": "stackferry",
        "version": "1.2.3",
        "rules": [
            {"id": "DL3008", "shortDescription": {"text": "about DL3008"}},
            {"id": "DL3011", "shortDescription": {"text": "about DL3011"}},
            {
                "id": "SC2086",
                "shortDescription": {"text": "about SC2086"},
                "helpUri": "https://www.shellcheck.net/wiki/SC2086",
            },
        ],
    }
    assert [(one["ruleId"], one["ruleIndex"], one["level"]) for one in run["results"]] == [
        ("DL3008", 0, "warning"),
        ("SC2086", 2, "note"),
        ("DL3011", 1, "error"),
    ]
    place = run["results"][2]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "a%20b/web.dockerfile"},
        "region": {"startLine": 7, "startColumn": 8, "endLine": 7, "endColumn": 13},
    }
    assert run["results"][0]["message"]["text"] == "Pin versions\nwrite curl=8"


def test_sarif_of_an_absolute_path():
    [run] = json.loads(rendered("sarif", RESULTS._replace(findings=(PIN._replace(path="/a/b é"),))))["runs"]

    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///a/b%20%C3%A9"


def test_checkstyle():
    root = ET.fromstring(rendered("checkstyle", RESULTS))

    assert [file.get("name") for file in root] == [*FILES]
    assert [error.attrib for error in root[0]] == [
        {"line": "2", "column": "5", "severity": "warning", "message": "Pin versions", "source": "DL3008"},
        {"line": "2", "column": "20", "severity": "style", "message": 'Quote "$x" & <y>', "source": "SC2086"},
    ]
    assert [*root[1]] == []


def test_junit():
    root = ET.fromstring(rendered("junit", RESULTS))

    assert root.attrib == {"name": "stackferry lint", "tests": "4", "failures": "3", "errors": "0"}
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        ("Dockerfile", "2", "2"),
        ("clean", "1", "0"),
        ("a b/web.dockerfile", "1", "1"),
    ]
    failure = root[2][0][0]
    assert failure.attrib == {"type": "error", "message": "no port: 70000, at all"}
    assert failure.text == "a b/web.dockerfile:7:8: error[DL3011]: no port: 70000, at all"
    assert [case.tag for case in root[1]] == ["testcase"]


def test_gitlab_fingerprints_stay_when_lines_move():
    def marks(*findings):
        return [one["fingerprint"] for one in json.loads(rendered("gitlab", RESULTS._replace(findings=findings)))]

    again = PIN._replace(line=9, end_line=9)
    before = marks(PIN, again, PORT)
    after = marks(PIN._replace(line=3, end_line=3), again._replace(line=10, end_line=10), PORT)

    assert before == after
    assert len(set(before)) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", mark) for mark in before)
    assert marks(PIN) != marks(PIN._replace(path="other")) != marks(PIN._replace(id="DL3009"))


def test_code_climate_ends_each_with_a_zero_byte():
    text = rendered("codeclimate", RESULTS)

    assert text.endswith("\0")
    assert [json.loads(one)["severity"] for one in text.split("\0")[:-1]] == ["major", "minor", "blocker"]


def test_sonarqube_gives_no_empty_range():
    issues = json.loads(rendered("sonarqube", RESULTS._replace(findings=(PIN, PIN._replace(end_column=5)))))["issues"]

    assert [one["primaryLocation"]["textRange"] for one in issues] == [
        {"startLine": 2, "endLine": 2, "startColumn": 4, "endColumn": 11},
        {"startLine": 2, "endLine": 2},
    ]


@pytest.mark.parametrize("name", ["text", "full", "github", "gnu", "codacy", "codeclimate"])
def test_nothing_found_is_nothing_said(name):
    assert rendered(name, EMPTY) == ""


@pytest.mark.parametrize("name", ["json", "gitlab"])
def test_nothing_found_is_an_empty_list(name):
    assert rendered(name, EMPTY) == "[]\n"


def test_every_name_has_a_module():
    assert set(NAMES) == {*FORMATS, *ALIASES}
    for name in NAMES:
        assert rendered(name, RESULTS)


TEXTS = st.text(st.characters(exclude_characters="")) | st.sampled_from(
    ["\udcff\udc80", "a\x00b\x1b[31m", "]]>", "\r\n"]
)
FINDINGS = st.builds(
    Finding,
    path=st.binary(min_size=1).map(os.fsdecode),
    line=st.integers(1, 99),
    column=st.integers(1, 99),
    end_line=st.just(99),
    end_column=st.integers(1, 99),
    severity=st.sampled_from(SEVERITIES),
    id=st.sampled_from(["DL3008", "SC2086", "FromAsCasing"]),
    message=TEXTS,
    hint=TEXTS,
)


@given(st.lists(FINDINGS, max_size=4))
def test_whatever_is_in_them_it_can_be_read(findings):
    results = RESULTS._replace(
        findings=tuple(sorted(findings, key=lambda finding: finding.path)), paths=(), line=lambda _path, _line: None
    )
    for name in ("json", "gitlab", "sarif", "sonarqube"):
        json.loads(rendered(name, results).encode())
    for name in ("checkstyle", "junit"):
        ET.fromstring(rendered(name, results).encode())
    for name in ("text", "gnu", "github"):
        assert len(rendered(name, results).encode(errors="surrogateescape").split(b"\n")) == len(findings) + 1
    assert "\x1b" not in rendered("full", results)


# hadolint beside us: what it prints of one file, and what we print of the same findings.

DOCKERFILE = 'FROM debian\nRUN apt-get install curl && echo "<&>" \nLABEL io.docker.x=1\nEXPOSE 70000\n'
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))


@pytest.fixture(scope="module")
def hadolint(tmp_path_factory):
    """A function: what hadolint prints in a format of two files, the second without findings."""
    if HADOLINT is None:
        pytest.skip("hadolint is not installed here")
    folder = tmp_path_factory.mktemp("hadolint")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "clean").write_text("FROM debian:12\nUSER 1\n")

    def say(name):
        return subprocess.run(
            [HADOLINT, "--no-color", "-f", name, "Dockerfile", "clean"],
            cwd=folder,
            env={"HOME": str(folder), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
        ).stdout

    return say


@pytest.fixture
def same(hadolint):
    """hadolint's findings as ours."""
    found = [
        Finding(one["file"], one["line"], one["column"], one["line"], 1, one["level"], one["code"], one["message"])
        for one in json.loads(hadolint("json"))
    ]
    return Results(tuple(found), ("Dockerfile", "clean"), "2.15.1")


OURS = {"endLine", "endColumn", "fix", "fingerprint", "partialFingerprints", "ruleIndex", "columnKind", "rules"}
THEIRS = {"sourceLanguage", "downloadUri", "fullName", "shortDescription", "$schema", "textRange"}


def shape(value, key=""):
    """A JSON value without what one of both has alone; of names of the program only that they are there."""
    if isinstance(value, dict):
        return {name: shape(one, name) for name, one in sorted(value.items()) if name not in OURS | THEIRS}
    if isinstance(value, list):
        return [shape(one, key) for one in value]
    return value if key not in ("engineId", "name", "version") else bool(value)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("json", "json"), ("gitlab_codeclimate", "gitlab"), ("sarif", "sarif"), ("sonarqube", "sonarqube")],
)
def test_json_has_hadolints_shape(hadolint, same, theirs, ours):
    assert len(same.findings) >= 4
    assert shape(json.loads(rendered(ours, same))) == shape(json.loads(hadolint(theirs)))


def test_code_climate_has_hadolints_shape(hadolint, same):
    ours, theirs = rendered("codeclimate", same).split("\0"), hadolint("codeclimate").split("\0")

    assert [json.loads(one) for one in ours[:-1]] == [json.loads(one) for one in theirs if one.strip()]


def test_codacy_has_hadolints_shape(hadolint, same):
    theirs, decoder = hadolint("codacy"), json.JSONDecoder()
    objects = []
    while theirs.strip():
        found, end = decoder.raw_decode(theirs.strip())
        objects.append(found)
        theirs = theirs.strip()[end:]

    assert [json.loads(one) for one in rendered("codacy", same).splitlines()] == objects


def test_gnu_has_hadolints_shape(hadolint, same):
    ours = re.sub(r"^stackferry:(\w+:\d+):\d+:", r"hadolint:\1:", rendered("gnu", same), flags=re.MULTILINE)

    assert ours == hadolint("gnu")


def tree(element):
    return (element.tag, sorted(element.attrib.items()), [tree(child) for child in element])


def test_checkstyle_has_hadolints_shape(hadolint, same):
    ours, theirs = (ET.fromstring(text) for text in (rendered("checkstyle", same), hadolint("checkstyle")))

    assert tree(ours) == tree(theirs)


def test_junit_has_hadolints_shape(hadolint, same):
    """A suite a file, a case with a failure a finding, its type the severity, its message the message."""
    ours, theirs = (ET.fromstring(text) for text in (rendered("junit", same), hadolint("junit")))

    def failures(root):
        return [
            (suite.get("failures"), [(one.get("type"), one.get("message")) for one in suite.iter("failure")])
            for suite in root
        ]

    assert failures(ours) == failures(theirs)
