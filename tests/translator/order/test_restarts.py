"""Dependents are replaced together with their dependencies, where compose says so."""

import pytest

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.translator import Options
from stackferry.translator.notes import Kind
from stackferry.translator.order.restarts import MARK
from tests.translator.making import body_of, note, service, translated

AGAIN = {"db": Dependency(restart=True)}


@pytest.mark.parametrize("wait", [True, False])
def test_the_mark_follows_the_dependency(wait: bool) -> None:
    marks = []
    for image in ("db:1", "db:1", "db:2"):
        found = translated(service(depends_on=AGAIN), service("db", image=image), options=Options(wait=wait))
        marks.append(body_of(found, "Deployment/web")["spec"]["template"]["metadata"]["annotations"][MARK])

    assert marks[0] == marks[1] != marks[2]
    assert note(found, "restart-after").kind is Kind.APPROXIMATED


def test_nothing_is_marked_unless_asked_for() -> None:
    found = translated(service(depends_on={"db": Dependency()}), service("db"))

    assert "annotations" not in body_of(found, "Deployment/web")["spec"]["template"]["metadata"]


def test_one_pod_is_replaced_as_a_whole() -> None:
    found = translated(service(depends_on=AGAIN, network_mode="service:db"), service("db"))

    assert note(found, "restart-together").kind is Kind.EXACT
