"""`--filter` and `-q` of docker's lists: invalid values, and lists that become empty."""

import pytest


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("stack ps shop -f desired-state=runing", "invalid desired-state filter: 'runing'"),
        ("service ps shop_web -f node=node-7", "node node-7 not found"),
        ("node ls -f role=boss", "invalid role filter: 'boss'"),
        ("node ls -f membership=no", "invalid membership filter: 'no'"),
        ("stack ps shop -f name=web", "nothing found in stack: shop"),
    ],
)
def test_refused(running, stackferry, command, says):
    done = stackferry(*command.split())

    assert (done.code, done.out) == (1, "")
    assert says in done.err


def test_states_in_any_case(running, stackferry):
    shown = stackferry("stack", "ps", "shop", "-q", "-f", "desired-state=RUNNING").out
    assert shown == stackferry("stack", "ps", "shop", "-q", "-f", "desired-state=running").out != ""


def test_self_is_the_leader(running, stackferry):
    shown = stackferry("stack", "ps", "shop", "-f", "node=self", "--format", "{{.Node}}").out
    assert set(shown.split()) == {"node-1"}


def test_no_service_is_left(running, stackferry):
    done = stackferry("stack", "services", "shop", "-f", "name=web")
    assert (done.code, done.out, done.err) == (0, "", "Nothing found in stack: shop\n")


def test_service_ps_gives_whole_ids(running, stackferry):
    assert {len(one) for one in stackferry("service", "ps", "-q", "shop_web").out.split()} == {25}
    assert {len(one) for one in stackferry("stack", "ps", "-q", "shop").out.split()} == {12}


def test_who_is_a_manager_already(running, stackferry):
    done = stackferry("node", "promote", "node-1", "node-2")
    assert (
        done.out
        == "Node node1xxxxxxxxxxxxxxxxxxxx is already a manager.\nNode node-2 promoted to a manager in the swarm.\n"
    )


def test_nodes_are_changed_one_by_one(running, stackferry):
    """As docker: those before one that is not there, and none after it."""
    done = stackferry("node", "promote", "node-2", "nope")
    assert (done.code, done.out) == (1, "Node node-2 promoted to a manager in the swarm.\n")
    assert "node nope not found" in done.err

    done = stackferry("node", "demote", "nope", "node-2")
    assert (done.code, done.out) == (1, "")
    done = stackferry("node", "demote", "node-2", "node-1")
    assert (done.code, done.out) == (1, "Manager node-2 demoted in the swarm.\n")
    assert "attempting to demote the last manager of the swarm" in done.err
