"""Commands that delete Services which would have to become another kind."""

from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.translator import Options
from tests.translator.making import note, service, translated

ADDRESSED = "spec.type=ClusterIP,spec.clusterIP!=None"
INSTANCE, NAME = "app.kubernetes.io/instance=shop", "app.kubernetes.io/name"


def test_each_kind_leaves_out_the_other() -> None:
    found = translated(service(), service("a", image="me/a"), service("b", deploy=Deploy(endpoint_mode="dnsrr")))

    assert found.before == (
        f"kubectl delete service -l '{INSTANCE},{NAME},{NAME} notin (a,b)' --field-selector spec.clusterIP=None",
        f"kubectl delete service -l '{INSTANCE},{NAME} in (a,b)' --field-selector {ADDRESSED}",
    )


def test_one_kind_alone() -> None:
    found = translated(service(), options=Options(namespace="demo"))

    assert found.before == (
        f"kubectl delete service -n demo -l '{INSTANCE},{NAME}' --field-selector spec.clusterIP=None",
    )


def test_nothing_to_do_for_an_empty_stack() -> None:
    assert translated().before == ()


def test_two_protocols_of_a_number() -> None:
    assert note(translated(service(expose=("53", "53/udp"))), "protocols").hint == "kubectl apply --server-side"
