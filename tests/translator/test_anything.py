"""Everything that loads translates: generated documents give manifests valid for Kubernetes, and a whole report."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Memory
from stackferry.translator import Options, explain, translate
from tests.strategies import Plain, documents
from tests.translator.making import HERE, complaints

ODD = (
    *("", " ", "-", ".", "..", "/", ":", "a", "é", "\x7f", "\u2028", "a" * 300, "a b", "A_B", "-1", "0", "65536"),
    *("CAP_", "a=b", "a:b", "a:b:c", "../b", "/dev/x", "$", "$(A)", "{{.Task.Slot}}", "{{.Node.ID}}", "{{", "1e400"),
    *("service:web", "container:x", "host", "none", "node.role==manager", "node.labels.a==", "0:0", "root", "1.2.3.4"),
    *("SIGRTMIN+3", "1-2", "tcp", "64m", "1s"),
)
"""Texts that are something to somebody; most of them are wrong in most places."""


def leaves(value: Plain, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all scalars."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path


@st.composite
def twisted(draw: st.DrawFn) -> Plain:
    """A document of which some scalars are odd texts."""
    document = json.loads(json.dumps(draw(documents())))
    places = list(leaves(document.get("services", {}), ("services",)))
    for path in draw(st.lists(st.sampled_from(places), max_size=4, unique=True)) if places else ():
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = draw(st.sampled_from(ODD))
    return document


@pytest.mark.slow
@given(st.one_of(documents(), twisted()))
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
