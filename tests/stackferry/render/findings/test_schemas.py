"""Reports conform to their readers' schemas: for all fixtures of the linter, a clean file, odd names."""

import json

import jsonschema
import pytest

from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.catalogue import catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.lint import lint
from stackferry.render.findings.formats import rendered
from stackferry.render.findings.results import Results
from tests import schemas
from tests.conformance.lint.dockerfile import fixtures

pytestmark = pytest.mark.real

ODD = ("/a b/é,%.dockerfile", "../x", "\udcff", "-", 'a"<&>')


@pytest.fixture(scope="module")
def results() -> Results:
    files = [*fixtures()]
    plain = [finding for file in files for finding in _findings(file.name, file.content)]
    odd = [finding for name in ODD for finding in _findings(name, b"RUN cd \xff \x01 <&>\nFROM a\n")]
    names = (*(file.name for file in files), *ODD, "clean")
    return Results((*plain, *odd), names, "1.0.0", summary=lambda name: f"about {name}")


def _findings(name, content):
    return lint(Source(decoded(content), name), Config(set="all"), rules=catalogue()).findings


def test_sarif(results: Results) -> None:
    schema = json.loads(_schema(schemas.SARIF).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)

    log = json.loads(rendered("sarif", results))

    assert [error.message for error in validator.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) > 500
    assert [*validator.iter_errors(json.loads(rendered("sarif", Results((), ("clean",), "1.0.0"))))] == []
    assert [*validator.iter_errors({**log, "more": 1})]


def test_junit(results: Results) -> None:
    _schema(schemas.JUNIT)
    report = rendered("junit", results)

    assert schemas.refused(report) == ""
    assert schemas.refused(rendered("junit", Results((), ("clean",), "1.0.0"))) == ""
    assert "file" in schemas.refused(report.replace("<testcase ", '<testcase file="a" ', 1))


def _schema(name):
    try:
        return schemas.path(name)
    except schemas.UnavailableError as reason:
        pytest.skip(str(reason))
