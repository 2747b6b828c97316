"""`swarm …`: docker's commands for a swarm are answered without doing anything."""

import pytest

NONE = "swarm mode is not needed here: "


@pytest.mark.parametrize(
    ("line", "then"),
    [
        ("init", "deploy a stack as to a swarm with `stackferry stack deploy -c FILE STACK`"),
        ("init --advertise-addr 192.168.99.100 --force-new-cluster", "deploy a stack as to a swarm with `stackferry"),
        ("join-token worker", "there is no token to join with; to run a stack on two nodes"),
        ("join-token -q manager", "there is no token"),
        ("join-token --rotate worker", "there is no token"),
        ("leave", "there is no swarm to leave, and stacks keep running"),
        ("leave -f", "there is no swarm to leave"),
        ("leave --force", "there is no swarm to leave"),
    ],
)
def test_what_scripts_do_goes_on(here, stackferry, line, then):
    done = stackferry("swarm", *line.split())

    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(NONE + then)
    assert done.err.count("\n") == 1
    # No state of ours was made.
    assert list(here.parent.iterdir()) == [here]


@pytest.mark.parametrize("line", ["join", "join --token SWMTKN-1-x 192.168.99.100:2377", "join --listen-addr a b"])
def test_a_node_that_would_join_is_told_of_nodes(here, stackferry, line):
    done = stackferry("swarm", *line.split())

    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"error: {NONE}there is no swarm to join\n  hint: nodes are virtual: to run a stack on two"
        " nodes on this machine, use `stackferry stack deploy --nodes 2 -c FILE STACK`\n"
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("join-token", 2, '"stackferry swarm join-token" requires exactly 1 argument.'),
        ("join-token boss", 1, "unknown role boss"),
        ("init now", 2, "unexpected extra argument"),
        ("leave now", 2, "unexpected extra argument"),
        ("leave --now", 2, "No such option: --now"),
        ("unlock", 2, "No such command 'unlock'"),
    ],
)
def test_wrong_usage(here, stackferry, line, code, said):
    done = stackferry("swarm", *line.split())

    assert (done.code, done.out) == (code, "")
    assert said in done.err
