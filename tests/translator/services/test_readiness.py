"""The Service for ready pods."""

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.translator.services.ports import Listening
from stackferry.translator.services.readiness import tcp_ports
from tests.translator.making import body_of, service, translated

HEALTHY = {"app": Dependency(condition="service_healthy")}


def test_it_leads_to_the_pod_in_which_the_service_runs() -> None:
    found = translated(
        service(depends_on=HEALTHY), service("app", network_mode="service:vpn", expose=("80",)), service("vpn")
    )

    spec = body_of(found, "Service/app-ready")["spec"]
    assert spec["selector"] == body_of(found, "Service/vpn")["spec"]["selector"]
    assert [port["port"] for port in spec["ports"]] == [80]


def test_ports_that_take_connections() -> None:
    assert tcp_ports((Listening(53, "UDP", "dns"), Listening(80, "TCP", "web"))) == (80,)
