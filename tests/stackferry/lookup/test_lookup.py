"""`stackferry/lookup/stacks.py` and `stackferry/lookup/lookup.py`: which stack, service, task or node a word means."""

import os
from dataclasses import replace

import pytest

from stackferry.emulator.cluster.objects import Node
from stackferry.grammar.diagnostics import StackferryError
from stackferry.lookup import lookup as finding
from stackferry.lookup import stacks as chosen
from stackferry.session import Session, StackChoice


@pytest.fixture
def session(running):
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    # A second stack with the same services.
    shop = Store(home(os.environ, "shop").database)
    other = Store(home(os.environ, "annex").database)

    def renamed(cluster):
        services = {
            f"other{key}": replace(
                one, id=f"other{key}", spec=replace(one.spec, name=one.spec.name.replace("shop", "annex"))
            )
            for key, one in cluster.services.items()
        }
        return replace(cluster, services=services, tasks={}, history={})

    other.change(lambda _: renamed(shop.load()))
    other.close()
    shop.close()
    return Session(dict(os.environ))


def test_the_name_of_the_stack(secluded):
    def name(text, **choice):
        (secluded / "compose.yaml").write_text(text)
        return chosen.stack_name(Session(dict(os.environ), StackChoice(**choice)))

    assert name("services: {}") == "shop"
    assert name("name: other\nservices: {web: {image: x}}") == "other"
    assert name("services: {web: {image: x, container_name: c}}\nnetworks: {n: {name: y}}") == "shop"
    assert name("services: {}", project_name="chosen") == "chosen"
    with pytest.raises(StackferryError, match="invalid project name"):
        name("", project_name="../x")
    (secluded / "compose.yaml").unlink()
    with pytest.raises(StackferryError, match="no compose file"):
        chosen.stack_name(Session(dict(os.environ)))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("web", "shop_web"),
        ("annex_web", "annex_web"),
        ("shop_web", "shop_web"),
        ("swe", "shop_web"),
        ("othersw", "annex_web"),
    ],
)
def test_a_service(session, word, name):
    assert finding.find_service(session, word)[1].spec.name == name


def test_a_service_of_another_stack_only(session):
    session.stack = StackChoice(project_name="annex")

    assert finding.find_service(session, "web")[1].spec.name == "annex_web"
    with pytest.raises(StackferryError, match="no such service: shop_web"):
        finding.find_service(session, "shop_web")


def test_what_is_ambiguous(session, here):
    (here / "compose.yaml").unlink()

    with pytest.raises(StackferryError, match=r"service web is ambiguous \(2 matches found\)"):
        finding.find_service(session, "web")
    with pytest.raises(StackferryError, match="choose one with -p: each stack has its own nodes"):
        finding.with_nodes(session)


@pytest.mark.parametrize(
    ("word", "slot", "task"),
    [
        ("web", 0, "t1"),
        ("web", 2, "t2"),
        ("web.1", 0, "t1"),
        ("shop_web.10", 0, "t10"),
        ("agent", 0, "ta"),
        ("t0xxx", 0, "t0"),
        ("shop_web.1.t0xxxxxxxxxx", 0, "t0"),
        ("ct1ct1ct1ct1ct1ct1ct1ct1ct1ct1ct1ct1", 0, "t1"),
        # As docker's tables show it.
        ("ct1ct1ct1ct1", 0, "t1"),
    ],
)
def test_a_task(session, word, slot, task):
    assert finding.find_task(session, word, slot)[1].id.rstrip("x") == task


def test_less_of_a_containers_id_is_no_task(session):
    with pytest.raises(StackferryError, match="no such task or service: ct1ct1ct1ct"):
        finding.find_task(session, "ct1ct1ct1ct")


def test_a_node(session):
    found = finding.with_nodes(session)

    assert [finding.find_node(found, word).hostname for word in ("self", "node-10", "node2")] == [
        "node-1",
        "node-10",
        "node-2",
    ]
    with pytest.raises(StackferryError, match=r"node node is ambiguous \(\d+ matches found\)"):
        finding.find_node(found, "node")


def test_a_beginning_of_several_ids_of_nodes(session):
    session.stack = StackChoice(project_name="shop")
    found = finding.find_service(session, "web")[0]
    cluster = replace(found.cluster, nodes={key: Node(key, f"node-{key}") for key in ("ab1", "ab2")})
    found = replace(found, cluster=cluster)

    assert finding.find_node(found, "ab1").id == "ab1"
    with pytest.raises(StackferryError, match=r"node ab is ambiguous \(2 matches found\)"):
        finding.find_node(found, "ab")
