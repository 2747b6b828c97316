import pytest

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.webnet.gate import GateLostError, GateRefusedError
from stackferry.emulator.webnet.gate_errors import GateErrorKind, error_kind, taken
from stackferry.emulator.webnet.gate_state import Binding

PROXY = (
    "driver failed programming external connectivity on endpoint s_web.ingress (0dd1): "
    "Error starting userland proxy: listen tcp4 0.0.0.0:8081: bind: address already in use"
)
BIND = "driver failed programming external connectivity (0dd1): Bind for 0.0.0.0:8081 failed: port is already allocated"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (EngineError(PROXY), GateErrorKind.PORT_TAKEN),
        (EngineError(BIND), GateErrorKind.PORT_TAKEN),
        (EngineError("Address already in use"), GateErrorKind.ADDRESS_TAKEN),
        (
            EngineError(
                "user specified IP address is supported only when connecting to networks with user configured subnets"
            ),
            GateErrorKind.ADDRESS_UNASKED,
        ),
        (EngineError("no configured subnet or ip-range contain the IP address 10.0.0.9"), GateErrorKind.OTHER_NETWORK),
        (EngineError("network s_a not found"), GateErrorKind.OTHER_NETWORK),
        (GateRefusedError("gate g: ip: RTNETLINK answers: Operation not permitted"), GateErrorKind.FORBIDDEN),
        (
            GateRefusedError("netlink: Error: Could not process rule: No such file or directory"),
            GateErrorKind.FORBIDDEN,
        ),
        (GateLostError("gate g ended"), None),
        (EngineError("is restarting, wait until the container is running"), None),
    ],
)
def test_words(error: Exception, kind: GateErrorKind | None) -> None:
    assert error_kind(error) is kind


@pytest.mark.parametrize("words", [PROXY, BIND])
def test_which_port_it_is(words: str) -> None:
    bindings = (Binding(8080, "tcp"), Binding(8081, "tcp"))

    assert taken(EngineError(words), bindings) == bindings[1]
    assert taken(EngineError("no number"), bindings) == bindings[0]
