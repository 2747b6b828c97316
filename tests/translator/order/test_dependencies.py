"""Which pod waits for which, and that no two wait for each other."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.model.attachments import Dependency, Provider
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Kind, Notes
from stackferry.translator.options import Options
from stackferry.translator.order.dependencies import Order, plan_order
from stackferry.translator.order.graph import components
from stackferry.translator.stack import stack_of
from tests.translator.making import HERE, project, service

CONDITIONS = {"s": "service_started", "h": "service_healthy", "c": "service_completed_successfully"}
CHECK = Healthcheck(test=("CMD", "true"))


def after(said: str, **keys: Any) -> dict[str, Dependency]:
    """`"a:s b:h"`: after the start of a, and when b is healthy."""
    pairs = (part.split(":") for part in said.split())
    return {name: Dependency(condition=CONDITIONS[condition], **keys) for name, condition in pairs}


def planned(*services: Service, wait: bool = True) -> tuple[Order, Notes]:
    made, notes = project(*services), Notes()
    stack = stack_of(made, Host(Memory({}, HERE)), Options(wait=wait), plan_names(made, Notes()))
    return plan_order(stack, notes), notes


def shown(order: Order) -> dict[str, str]:
    """`{"a": "b:h"}`: the waits of each pod that waits."""
    letters = {condition: letter for letter, condition in CONDITIONS.items()}
    return {
        str(pod[1]): " ".join(f"{one.service.name}:{letters[one.condition]}" for one in waits)
        for pod, waits in order.waits.items()
    }


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ({"a": {"depends_on": after("b:s")}, "b": {}}, {"a": "b:s"}),
        ({"a": {"depends_on": after("b:h c:c")}, "b": {"healthcheck": CHECK}, "c": {}}, {"a": "b:h c:c"}),
        # Whoever waits for a start only starts after what the other one waited for.
        (
            {"a": {"depends_on": after("b:s")}, "b": {"depends_on": after("c:h d:s")}, "c": {}, "d": {}},
            {"b": "c:h d:s", "a": "c:h b:s"},
        ),
        ({"a": {"depends_on": after("b:h")}, "b": {"depends_on": after("c:h")}, "c": {}}, {"b": "c:h", "a": "b:h"}),
        # That may be in the same pod, which does not wait for itself.
        (
            {
                "a": {"depends_on": after("b:s")},
                "b": {"depends_on": after("d:s"), "network_mode": "service:c"},
                "c": {"healthcheck": CHECK},
                "d": {"depends_on": after("c:h"), "network_mode": "service:c"},
            },
            {"a": "c:h b:s"},
        ),
        # A pod waits for what any of its services waits for, the strongest condition of each.
        (
            {
                "a": {"depends_on": after("c:s")},
                "b": {"network_mode": "service:a", "depends_on": after("a:s c:h")},
                "c": {},
            },
            {"a": "c:h"},
        ),
        # Pods that would wait for each other do not.
        (
            {"a": {"depends_on": after("c:s")}, "b": {"pid": "service:a"}, "c": {"depends_on": after("b:s")}},
            {},
        ),
        # What has no pod, no name, or has ended.
        ({"a": {"depends_on": after("b:h")}, "b": {"deploy": Deploy(replicas=0)}}, {}),
        ({"a": {"depends_on": after("b:s")}, "b": {"image": None, "provider": Provider(type="x")}}, {}),
        ({"a": {"depends_on": after("gone:h", required=False)}}, {}),
        ({"a": {"depends_on": after("b:s")}, "b": {"network_mode": "none"}}, {}),
        ({"a": {"depends_on": after("b:h")}, "b": {"network_mode": "none"}}, {"a": "b:h"}),
        ({"a": {"depends_on": after("b:c")}, "d": {"depends_on": after("b:s")}, "b": {}}, {"a": "b:c"}),
        ({"a": {"depends_on": after("b:c")}, "b": {"deploy": Deploy(mode="global")}}, {}),
    ],
    ids=str,
)
def test_waits(services: Mapping[str, dict[str, Any]], expected: dict[str, str]) -> None:
    order, notes = planned(*(service(name, **keys) for name, keys in services.items()))

    assert shown(order) == expected
    entries = {
        ("services", name, "depends_on", to) for name, keys in services.items() for to in keys.get("depends_on", ())
    }
    assert {note.path[:4] for note in notes} == entries


def test_nothing_waits_if_told_so() -> None:
    order, notes = planned(service("a", depends_on=after("b:h")), service("b", healthcheck=CHECK), wait=False)

    assert order.waits == {}
    assert order.certain == {("services", "b")}
    assert [(note.kind, note.hint) for note in notes] == [(Kind.APPROXIMATED, "convert without --no-wait")]


@pytest.mark.parametrize(
    ("condition", "keys", "kind"),
    [
        ("s", {}, Kind.APPROXIMATED),
        ("h", {}, Kind.APPROXIMATED),
        ("h", {"healthcheck": CHECK}, Kind.EXACT),
        ("h", {"healthcheck": CHECK, "scale": 2}, Kind.APPROXIMATED),
        ("c", {}, Kind.EXACT),
        ("c", {"deploy": Deploy(mode="global")}, Kind.NEEDS_ACTION),
    ],
    ids=str,
)
def test_how_true_a_wait_is(condition: str, keys: dict[str, Any], kind: Kind) -> None:
    _, notes = planned(service("a", depends_on=after(f"b:{condition}")), service("b", **keys))

    (note,) = notes
    assert note.path == ("services", "a", "depends_on", "b", "condition")
    assert note.kind is kind


@st.composite
def _stacks(draw: st.DrawFn) -> list[Service]:
    """Services that depend only on those before them, as compose asks for; some share pods."""
    found: list[Service] = []
    for number in range(draw(st.integers(1, 8))):
        before = [one.name for one in found]
        keys: dict[str, Any] = {"depends_on": {}}
        for name in draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else ():
            keys["depends_on"][name] = Dependency(condition=draw(st.sampled_from(list(CONDITIONS.values()))))
        if before and draw(st.booleans()):
            keys["network_mode"] = f"service:{draw(st.sampled_from(before))}"
        if draw(st.booleans()):
            keys["healthcheck"] = CHECK
        found.append(service(f"s{number}", **keys))
    return draw(st.permutations(found))


@given(_stacks())
def test_no_pods_wait_for_each_other(services: list[Service]) -> None:
    order, notes = planned(*services)

    graph = {group.owner.name: [] for group in order.pods}
    owner = {one.name: group.owner.name for group in order.pods for one in group.services}
    for pod, waits in order.waits.items():
        graph[str(pod[1])] += [owner[wait.service.name] for wait in waits]
    assert all(len(members) == 1 for members in components(graph))
    place = {group.owner.name: number for number, group in enumerate(order.pods)}
    assert all(place[to] < place[name] for name, targets in graph.items() for to in targets)
    assert len(list(notes)) == sum(len(one.depends_on) for one in services)


@given(_stacks())
def test_no_wait_is_lost_where_no_pods_are_shared(services: list[Service]) -> None:
    alone = [service(one.name, depends_on=one.depends_on, healthcheck=one.healthcheck) for one in services]
    order, _ = planned(*alone)

    ends = {to for one in alone for to, dependency in one.depends_on.items() if dependency.condition == CONDITIONS["c"]}
    for dependent in alone:
        waits = {wait.service.name: wait.condition for wait in order.waits.get(("services", dependent.name), ())}
        for to, dependency in dependent.depends_on.items():
            if to in ends and dependency.condition != CONDITIONS["c"]:
                continue
            assert waits[to] in (dependency.condition, CONDITIONS["h"])
