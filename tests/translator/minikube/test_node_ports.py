import pytest

from stackferry.translator.minikube.node_ports import TAKEN, refusal


@pytest.mark.parametrize("number", [22, 2376, 2379, 2380, 2381, 8443, *range(10248, 10260)])
def test_ports_of_the_node_are_refused(number):
    found = refusal(number, "TCP", ())

    assert found is not None
    assert found.owner in found.message
    assert found.instead is not None
    assert found.instead not in TAKEN


def test_the_next_one_that_nobody_has_is_named():
    found = refusal(8443, "TCP", {8443, 8444, 8445})

    assert found is not None
    assert "8446" in found.hint


def test_others_are_free():
    assert refusal(80, "TCP", ()) is None
    assert refusal(22, "UDP", ()) is None
