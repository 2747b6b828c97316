"""Whatever loads translates: generated documents give manifests that Kubernetes takes, and a whole report."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Memory
from stackferry.translator import Options, explain, translate
from tests.strategies import Plain, documents
from tests.translator.making import HERE, complaints


@pytest.mark.slow
@given(documents())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_loads_translates(document: Plain) -> None:
    files = Memory({"compose.json": json.dumps(document)}, HERE)
    try:
        stack = load(Request(files=("compose.json",), profiles=("*",)), files=files, environment={"TOKEN": "t"})
        project = stack.project
    except SourceError:
        assume(False)
    found = translate(project, files, Options(origin=stack.origin))

    assert list(complaints(found)) == []
    rows = explain(stack.keys(), found).rows
    assert {row.path[1] for row in rows if row.path[0] == "services"} == set(project.services)
