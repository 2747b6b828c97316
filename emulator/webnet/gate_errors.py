"""What an error of a gate means: the words of engines and kernels to what is to be done about it. Pure; a table."""

import re
from collections.abc import Sequence
from enum import Enum

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.webnet.gate import GateRefusedError
from stackferry.emulator.webnet.gate_state import Binding
from stackferry.grammar.diagnostics import StackferryError


class GateErrorKind(Enum):
    """Kinds of it; any other error may pass by itself and is tried again."""

    PORT_TAKEN = re.compile(r"port is already allocated|address already in use")
    ADDRESS_UNASKED = re.compile(r"user configured subnet")
    ADDRESS_TAKEN = re.compile(r"Address already in use")
    OTHER_NETWORK = re.compile(r"network \S+ not found|no configured subnet")
    FORBIDDEN = re.compile(
        r"not permitted|not supported|could not process rule|unable to init|invalid capability", re.IGNORECASE
    )


def error_kind(error: StackferryError) -> GateErrorKind | None:
    """Which kind an error is of."""
    if not isinstance(error, GateRefusedError | EngineError):
        return None
    return next((kind for kind in GateErrorKind if kind.value.search(str(error))), None)


def taken(error: StackferryError, bindings: Sequence[Binding]) -> Binding:
    """Which of the ports an engine found to be taken: `Bind for 0.0.0.0:80 failed`, `listen tcp4 0.0.0.0:80: bind`."""
    numbers = {int(one) for one in re.findall(r":(\d+)\b", str(error))}
    return next((one for one in bindings if one.published in numbers), bindings[0])
