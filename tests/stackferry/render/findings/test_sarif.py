"""SARIF holds to the parts of the OASIS schema of 2.1.0 that it uses: names, types, least values, no others."""

import json

import jsonschema

from stackferry.grammar.lint.finding import SEVERITIES, Finding
from stackferry.render.findings.results import Results
from stackferry.render.findings.sarif import render


def closed(required, **properties):
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


TEXT = {"type": "string"}
FROM_ONE = {"type": "integer", "minimum": 1}
MESSAGE = closed(["text"], text=TEXT)
REGION = closed([], startLine=FROM_ONE, startColumn=FROM_ONE, endLine=FROM_ONE, endColumn=FROM_ONE)
PLACE = closed([], artifactLocation=closed([], uri={"type": "string", "pattern": r"^[\w./:%~-]+$"}), region=REGION)
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={"type": "array", "items": closed([], physicalLocation=PLACE)},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
RULES = {
    "type": "array",
    "uniqueItems": True,
    "items": closed(["id"], id=TEXT, shortDescription=MESSAGE, helpUri={"type": "string", "pattern": "^https://"}),
}
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=closed(["name"], name=TEXT, version=TEXT, rules=RULES)),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    defaultSourceLanguage=TEXT,
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["version", "runs"],
    **{"$schema": TEXT, "version": {"enum": ["2.1.0"]}, "runs": {"type": "array", "items": RUN}},
)


def test_the_schema():
    findings = [
        Finding(path, 1, 1, 1, 1, severity, identifier, "message", hint)
        for path in ("Dockerfile", "/a b/é,%.dockerfile", "../x", "\udcff", "-")
        for severity in SEVERITIES
        for identifier, hint in (("DL3008", ""), ("SC2086", "do this"))
    ]
    log = json.loads(render(Results(tuple(findings), (), "1.0.0", summary=lambda name: name.removeprefix("SC2086"))))

    jsonschema.validate(log, LOG)
    assert len(log["runs"][0]["results"]) == len(findings)


def test_the_schema_of_nothing():
    jsonschema.validate(json.loads(render(Results((), ("Dockerfile",), "1.0.0"))), LOG)
