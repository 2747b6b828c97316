"""What values the flags of `service create` and `service update` may have: read and checked as docker and swarm do.

Each raises ValueError for what cannot be; `service_flags.py` and `service_lists.py` say with which flag.
"""

from collections.abc import Iterable
from ipaddress import ip_address

from stackferry.emulator.cluster.constraint import parse
from stackferry.emulator.cluster.container import capability, host_parts
from stackferry.emulator.cluster.spec import SMALLEST_CPUS, SMALLEST_MEMORY


def memory(text: str) -> int:
    """Bytes; 0 is no limit."""
    from stackferry.grammar.compose.syntax.quantities import size

    found = int(size(text))
    if 0 < found < SMALLEST_MEMORY:
        raise ValueError(f"invalid memory value {found}: must be at least 4MiB")
    return found


def nano_cpus(cpus: float) -> int:
    """Billionths of a CPU; 0 is no limit."""
    found = cpus * 1e9
    if found < 0 or 0 < found < SMALLEST_CPUS:
        raise ValueError(f"invalid cpu value {cpus:g}: must be at least {SMALLEST_CPUS / 1e9:g}")
    return round(found)


def ratio(value: float) -> float:
    """A share of failures."""
    if not 0 <= value <= 1:
        raise ValueError(f"invalid value {value:g}: it is between 0 and 1")
    return value


def count(value: int) -> int:
    """A number of things."""
    if value < 0:
        raise ValueError(f"invalid value {value}: it is a whole number from 0")
    return value


def constraint(text: str) -> str:
    """A placement constraint, as written. Raises StackferryError in swarm's words."""
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
    """`name:address`, also when written `name=address`."""
    name, at = host_parts(text)
    if not name or not at:
        raise ValueError("write it as HOST:IP")
    return f"{name}:{at if at == 'host-gateway' else address(at.strip('[]'))}"


def is_host(entry: str, text: str) -> bool:
    """Whether `--host-rm TEXT` means this entry: the text is a name, or a name with an address."""
    name, at = host_parts(text)
    found, its = host_parts(entry)
    return found == name and at in ("", its)


def moved(capabilities: Iterable[str], opposite: Iterable[str], text: str) -> tuple[list[str], list[str]]:
    """Both lists after one more: what stands in the opposite list is only taken out of there, as docker does it."""
    name = capability(text)
    mine, others = ([capability(one) for one in them] for them in (capabilities, opposite))
    if name in others:
        return mine, [one for one in others if one != name]
    return [*mine, *([] if name in mine else [name])], others
