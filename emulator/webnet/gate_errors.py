"""What a gate's error means: a table from the words of engines and kernels to what to do about it. Pure."""

import re
from collections.abc import Sequence
from enum import Enum

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.webnet.gate import GateRefusedError
from stackferry.emulator.webnet.gate_state import Binding
from stackferry.grammar.diagnostics import StackferryError


class GateErrorKind(Enum):
    """Kinds of errors; any other error may be temporary and is retried."""

    PORT_TAKEN = re.compile(r"port is already allocated|address already in use")
    ADDRESS_UNASKED = re.compile(r"user configured subnet")
    ADDRESS_TAKEN = re.compile(r"Address already in use")
    OTHER_NETWORK = re.compile(r"network \S+ not found|no configured subnet")
    FORBIDDEN = re.compile(
        r"not permitted|not supported|could not process rule|unable to init|invalid capability", re.IGNORECASE
    )


def error_kind(error: StackferryError) -> GateErrorKind | None:
    """The kind of an error, if it has one."""
    if not isinstance(error, GateRefusedError | EngineError):
        return None
    return next((kind for kind in GateErrorKind if kind.value.search(str(error))), None)


def taken(error: StackferryError, bindings: Sequence[Binding]) -> Binding:
    """The port that an engine found taken: `Bind for 0.0.0.0:80 failed`, `listen tcp4 0.0.0.0:80: bind`."""
    numbers = {int(one) for one in re.findall(r":(\d+)\b", str(error))}
    return next((one for one in bindings if one.published in numbers), bindings[0])
