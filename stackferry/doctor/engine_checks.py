"""What `doctor` finds of an engine: facts about it and this machine to one verdict each, with what to do. Pure; no I/O.

A check FAILs where stacks cannot run, or cannot be reached as they should; it warns of what works with less.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from stackferry.doctor.check import Check
from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import EngineVersion
    from stackferry.emulator.webnet.probe import Probe

OLDEST_API = (1, 40)
"""That of engine 19.03; nothing older was tried."""

SCARCE, TOO_LITTLE = 2 << 30, 100 << 20
"""Free bytes of a disk below which it warns, or fails."""


def no_engine(message: str, hint: str) -> Check:
    """Nothing answers."""
    return Check("engine", "FAIL", message, hint)


def engine_checks(found: "EngineVersion") -> Iterator[Check]:
    """What the engine says of itself."""
    shown = f"{found.version} on {found.name or 'an engine'}, {found.os}/{found.arch}, API {found.api}"
    if _numbers(found.api) < OLDEST_API:
        yield Check("engine", "FAIL", shown, "update it to 20.10 or newer")
    elif found.os != "linux":
        yield Check("engine", "FAIL", shown, "switch it to linux containers")
    else:
        yield Check("engine", "ok", shown)
    if found.rootless:
        yield Check("rootless", "warn", "the engine runs without root", "publish no port below 1024")
    yield _swarm(found.swarm)
    if found.unlimited:
        lacking = ", ".join(found.unlimited)
        yield Check("limits", "warn", f"not enforced here: {lacking}", "deploy.resources.limits do nothing for it")
    else:
        yield Check("limits", "ok", "memory, CPU and number of processes can be limited")


def _swarm(state: str) -> Check:
    if state == "active":
        words = "it is on, and not needed: stacks of `docker stack` and ours do not meet, but for published ports"
        return Check("swarm mode", "ok", words)
    if state in ("", "inactive"):
        return Check("swarm mode", "ok", "it is off, and not needed")
    return Check("swarm mode", "warn", f"it is {state}", "not needed: `docker swarm leave --force` turns it off")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) if one.isdigit() else 0 for one in version.split("."))


def programs(missing: Sequence[str]) -> Check:
    """Packages of this host that gates are made of."""
    if not missing:
        return Check("programs", "ok", "nft, dnsmasq, conntrack and busybox are here")
    words = " ".join(missing)
    return Check("programs", "FAIL", f"missing: {', '.join(missing)}", f"as root: apt-get install -y {words}")


_HINTS: Mapping[str, str] = {
    "container": "without such a container there are no virtual addresses and no published ports",
    "NET_ADMIN": "let the engine give containers NET_ADMIN",
    "nf_tables": "it takes a kernel with nf_tables and its nat, masq, numgen and reject; as root: modprobe nf_tables",
    "conntrack": "it takes a kernel with nf_conntrack_netlink; as root: modprobe nf_conntrack_netlink",
    "dnsmasq": "install dnsmasq-base anew",
}


def webnet(found: "Probe") -> Check:
    """Whether a gate can do its work."""
    if found.missing in ("", "routing"):
        return Check("webnet", "ok", "a gate may have NET_ADMIN, and the kernel has nf_tables and conntrack")
    if found.missing in ("NET_ADMIN", "nf_tables"):
        return Check("webnet", "warn", f"{found.missing}: {found.said}: {_PLAIN}", _HINTS[found.missing])
    return Check("webnet", "FAIL", f"{found.missing}: {found.said}", _HINTS[found.missing])


_PASSING = ("slirp4netns", "implicit")
"""Port drivers of engines without root that keep a client's address."""
_CLIENTS = "published ports"
_SEEN = "tasks see the client's address (127.0.0.1 and containers are seen as the gate)"
_LOOSENED = "; rp_filter is 1 on this host, and is loosened for tasks whose answers it would drop"


def published_ports(
    version: "EngineVersion", found: "Probe", *, plain: bool = False, strict_filter: bool = False
) -> Check:
    """Whom tasks see. `plain`: the user wants plain gates; `strict_filter`: the host's `rp_filter` is 1."""
    if plain:
        return Check(_CLIENTS, "warn", "STACKFERRY_WEBNET=plain, so tasks see the gate", "unset it")
    if found.missing in ("NET_ADMIN", "nf_tables"):
        return Check(_CLIENTS, "warn", f"no {found.missing}, so tasks see the gate", _HINTS[found.missing])
    if found.missing:
        words = f"{found.said}: tasks see the gate"
        return Check(_CLIENTS, "warn", words, "it takes a kernel with policy routing, and nf_tables with route chains")
    if version.desktop or (version.rootless and version.port_driver not in _PASSING):
        driver = "Docker Desktop" if version.desktop else f"port driver {version.port_driver or 'unknown'}"
        words = f"this engine hides clients before they reach a container; tasks see its address ({driver})"
        return Check(_CLIENTS, "warn", words, "" if version.desktop else "the port driver slirp4netns passes them on")
    return Check(_CLIENTS, "ok", _SEEN + (_LOOSENED if strict_filter else ""))


_PLAIN = "names will stand for the healthy tasks in turn: no virtual addresses, and published ports relayed, TCP only"


def webnet_plain() -> Check:
    """The user wants no more."""
    return Check("webnet", "warn", f"STACKFERRY_WEBNET=plain: {_PLAIN}", "unset it to have them balanced")


def webnet_off() -> Check:
    """The user does without."""
    words = "STACKFERRY_WEBNET=off: no virtual addresses, no draining, no published ports"
    return Check("webnet", "warn", words, "unset it to have them")


def webnet_unknown(why: str) -> Check:
    """It could not be tried."""
    return Check("webnet", "FAIL", f"not tried: {why}", "mend what is above first")


def supervision(way: str, *, lingers: bool) -> Check:
    """Who starts a manager again that was killed. `way`: systemd, process, or off."""
    if way == "off":
        words = "STACKFERRY_SUPERVISOR=off: a manager that is killed stays dead until a command changes something"
        return Check("supervisor", "warn", words, "unset it")
    if way == "systemd":
        linger = "" if lingers else "it ends with your last session: `loginctl enable-linger` has it go on"
        return Check("supervisor", "ok", "systemd starts a killed manager again, in a unit of your own", linger)
    words = "a small process starts a killed manager again: no systemd answers that would do it for you"
    return Check("supervisor", "ok", words)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who keeps a stack: `manager` and `supervisor` are processes, 0 for none; `unit` is that of systemd, if it is one.

    `restarting`: there will be a manager again. `lost`: it had a supervisor, which is gone.
    """

    stack: str
    manager: int
    supervisor: int = 0
    unit: str = ""
    restarting: bool = False
    lost: bool = False


def keeping(found: Keeping) -> Check:
    """Whether a stack has a manager, and that one somebody who starts it again."""
    name = f"manager of {found.stack}"
    if not found.manager:
        if found.restarting:
            return Check(name, "warn", "none runs at this moment; one is being started")
        return Check(name, "warn", "none runs: nothing heals", f"`stackferry manager start {found.stack}`")
    shown = f"process {found.manager}"
    if found.unit:
        return Check(name, "ok", f"{shown}, looked after by systemd in {found.unit}")
    if found.supervisor:
        return Check(name, "ok", f"{shown}, looked after by process {found.supervisor}")
    if found.lost:
        again = f"`stackferry manager stop {found.stack}`, then `start`"
        return Check(name, "warn", f"{shown}; its supervisor is gone, so nobody starts it again if it is killed", again)
    return Check(name, "ok", f"{shown}, which nobody starts again if it is killed: as `up` without -d has it")


def state_directory(path: str, problem: str) -> Check:
    """Where stacks are remembered."""
    if problem:
        return Check("state", "FAIL", f"{path}: {problem}", "set XDG_STATE_HOME to a directory that is yours")
    return Check("state", "ok", f"{path} is writable")


def secrets_folder(path: str, problem: str, hint: str) -> Check:
    """Where files of secrets are put."""
    if problem:
        return Check("secrets", "FAIL", problem, hint)
    return Check("secrets", "ok", f"{path} is for you alone, or will be when a secret comes to lie there")


def disk(name: str, path: str, free: int) -> Check:
    """Room for a store, or for images and containers."""
    shown = f"{free / (1 << 30):.1f} GiB free at {path}"
    if free < TOO_LITTLE:
        return Check(name, "FAIL", shown, "make room")
    return Check(name, "warn", shown, "make room soon") if free < SCARCE else Check(name, "ok", shown)
