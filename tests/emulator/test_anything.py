"""Everything that loads is accepted or refused: generated documents give specs, requests, and a whole report."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings

from stackferry.emulator.agent.create_request import connections, creation
from stackferry.emulator.desired.explanation import explain
from stackferry.emulator.desired.stack import DesiredOptions, desired
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError, StackferryError
from stackferry.grammar.files import Memory
from tests.emulator.stacks import HERE, task_of
from tests.strategies import Plain, documents


@pytest.mark.slow
@given(documents())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_loads_is_desired_or_refused(document: Plain) -> None:
    files = Memory({"compose.json": json.dumps(document)}, HERE)
    try:
        stack = load(Request(files=("compose.json",), profiles=("*",)), files=files, environment={"TOKEN": "t"})
        project = stack.project
    except SourceError:
        assume(False)
    for strict in (False, True):
        try:
            found = desired(project, files, stored=lambda *_: b"x", options=DesiredOptions(strict, stack.origin))
        except SourceError:
            continue
        rows = explain(stack.keys(), project, found).rows
        assert {row.path[1] for row in rows if row.path[0] == "services"} == set(project.services)
        assert {row.path[1] for row in rows if row.path[0] == "jobs"} == set(project.jobs)
        assert str(found)
        for spec in found.services:
            cluster, task = task_of(spec)
            try:
                made = creation(cluster, task, stack="s", path_of=lambda _: "/f", container_of=lambda _: "id")
            except StackferryError:
                continue
            json.dumps([made.body, connections(cluster, task)])
