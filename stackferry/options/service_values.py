"""Parses and checks values of the flags of `service create` and `service update` as docker and swarm do.

Each function raises ValueError for an invalid value; `service_flags.py` and `service_lists.py` name the flag.
"""

from ipaddress import ip_address

from stackferry.emulator.cluster.constraint import parse
from stackferry.emulator.cluster.container import host_parts
from stackferry.emulator.cluster.spec import enough_cpus, enough_memory


def memory(text: str) -> int:
    """An amount of memory in bytes; 0 is no limit."""
    from stackferry.grammar.compose.syntax.quantities import size

    return enough_memory(int(size(text)))


def cpus(text: str) -> int:
    """An amount of CPU in billionths of a CPU; 0 is no limit."""
    from stackferry.grammar.compose.syntax.quantities import nano_cpus

    return enough_cpus(nano_cpus(text))


def ratio(value: float) -> float:
    """A failure ratio."""
    if not 0 <= value <= 1:
        raise ValueError(f"invalid value {value:g}: it must be between 0 and 1")
    return value


def count(value: int) -> int:
    """A count."""
    if value < 0:
        raise ValueError(f"invalid value {value}: it must be a whole number, 0 or more")
    return value


def constraint(text: str) -> str:
    """A placement constraint, unchanged. Raises StackferryError in swarm's words."""
    parse(text)
    return text


def address(text: str) -> str:
    """An IP address."""
    try:
        ip_address(text)
    except ValueError:
        raise ValueError(f"IP address is not correctly formatted: {text}") from None
    return text


def host(text: str) -> str:
    """An entry `name:address`, which may be written `name=address`."""
    name, at = host_parts(text)
    if not name or not at:
        raise ValueError("write it as HOST:IP")
    return f"{name}:{at if at == 'host-gateway' else address(at.strip('[]'))}"


def is_host(entry: str, text: str) -> bool:
    """Whether `--host-rm TEXT` matches this entry: the text is a name, or a name with an address."""
    name, at = host_parts(text)
    found, its = host_parts(entry)
    return found == name and at in ("", its)
