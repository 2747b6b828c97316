"""Turns facts about the engine and this machine into one verdict each, with a hint. Pure; no I/O.

A check FAILs if stacks cannot run or cannot be reached as they should; it warns if they work with less.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from stackferry.doctor.check import Check
from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import EngineVersion
    from stackferry.emulator.webnet.probe import Probe

OLDEST_API = (1, 40)
"""The API version of engine 19.03; nothing older was tested."""

SCARCE, TOO_LITTLE = 2 << 30, 100 << 20
"""Free bytes of a disk below which the check warns, or fails."""


def no_engine(message: str, hint: str) -> Check:
    """The check if no engine answers."""
    return Check("engine", "FAIL", message, hint)


def engine_checks(found: "EngineVersion") -> Iterator[Check]:
    """Checks of what the engine reports about itself."""
    shown = f"{found.version} on {found.name or 'an engine'}, {found.os}/{found.arch}, API {found.api}"
    if _numbers(found.api) < OLDEST_API:
        yield Check("engine", "FAIL", shown, "update it to 20.10 or later")
    elif found.os != "linux":
        yield Check("engine", "FAIL", shown, "switch the engine to Linux containers")
    else:
        yield Check("engine", "ok", shown)
    if found.rootless:
        yield Check("rootless", "warn", "the engine runs in rootless mode", "do not publish ports below 1024")
    yield _swarm(found.swarm)
    if found.unlimited:
        lacking = ", ".join(found.unlimited)
        yield Check(
            "limits", "warn", f"not enforced here: {lacking}", "deploy.resources.limits have no effect for these"
        )
    else:
        yield Check("limits", "ok", "memory, CPU and number of processes can be limited")


def _swarm(state: str) -> Check:
    if state == "active":
        words = "it is on, but not needed: stacks of `docker stack` and of stackferry only share published ports"
        return Check("swarm mode", "ok", words)
    if state in ("", "inactive"):
        return Check("swarm mode", "ok", "it is off, and not needed")
    return Check("swarm mode", "warn", f"it is {state}", "to turn it off: `docker swarm leave --force`")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) if one.isdigit() else 0 for one in version.split("."))


def programs(missing: Sequence[str]) -> Check:
    """Whether this host has the packages that gates are made from."""
    if not missing:
        return Check("programs", "ok", "nft, dnsmasq, conntrack and busybox are installed")
    words = " ".join(missing)
    return Check("programs", "FAIL", f"missing: {', '.join(missing)}", f"as root: apt-get install -y {words}")


_HINTS: Mapping[str, str] = {
    "container": "without such a container there are no virtual IPs and no published ports",
    "NET_ADMIN": "allow the engine to give containers NET_ADMIN",
    "nf_tables": "use a kernel with nf_tables, including nat, masq, numgen and reject; as root: modprobe nf_tables",
    "conntrack": "use a kernel with nf_conntrack_netlink; as root: modprobe nf_conntrack_netlink",
    "dnsmasq": "reinstall dnsmasq-base",
}


def webnet(found: "Probe") -> Check:
    """Whether a gate works here."""
    if found.missing in ("", "routing"):
        return Check("webnet", "ok", "gates get NET_ADMIN, and the kernel has nf_tables and conntrack")
    if found.missing in ("NET_ADMIN", "nf_tables"):
        return Check("webnet", "warn", f"{found.missing}: {found.said}: {_PLAIN}", _HINTS[found.missing])
    return Check("webnet", "FAIL", f"{found.missing}: {found.said}", _HINTS[found.missing])


_PASSING = ("slirp4netns", "implicit")
"""Port drivers of rootless engines that preserve a client's address."""
_CLIENTS = "published ports"
_SEEN = "tasks see the client's address (for clients on 127.0.0.1 and in containers, the gate's)"
_LOOSENED = "; rp_filter is 1 on this host, and is relaxed for tasks whose replies it would drop"


def published_ports(
    version: "EngineVersion", found: "Probe", *, plain: bool = False, strict_filter: bool = False
) -> Check:
    """Which client address tasks see. `plain`: the user wants plain gates; `strict_filter`: `rp_filter` is 1."""
    if plain:
        return Check(_CLIENTS, "warn", "STACKFERRY_WEBNET=plain, so tasks see the gate's address", "unset it")
    if found.missing in ("NET_ADMIN", "nf_tables"):
        return Check(
            _CLIENTS, "warn", f"{found.missing} is missing, so tasks see the gate's address", _HINTS[found.missing]
        )
    if found.missing:
        words = f"{found.said}: tasks see the gate's address"
        return Check(_CLIENTS, "warn", words, "use a kernel with policy routing, and nf_tables with route chains")
    if version.desktop or (version.rootless and version.port_driver not in _PASSING):
        driver = "Docker Desktop" if version.desktop else f"port driver {version.port_driver or 'unknown'}"
        words = f"this engine hides client addresses; tasks see the engine's address ({driver})"
        return Check(_CLIENTS, "warn", words, "" if version.desktop else "the port driver slirp4netns preserves them")
    return Check(_CLIENTS, "ok", _SEEN + (_LOOSENED if strict_filter else ""))


_PLAIN = "service names resolve to the healthy tasks in turn: no virtual IPs, and only published TCP ports are relayed"


def webnet_plain() -> Check:
    """The check if the user chose plain gates."""
    return Check("webnet", "warn", f"STACKFERRY_WEBNET=plain: {_PLAIN}", "unset it to get load balancing")


def webnet_off() -> Check:
    """The check if the user switched webnet off."""
    words = "STACKFERRY_WEBNET=off: no virtual IPs, no draining, no published ports"
    return Check("webnet", "warn", words, "unset it to enable these")


def webnet_unknown(why: str) -> Check:
    """The check if webnet could not be tested."""
    return Check("webnet", "FAIL", f"not tried: {why}", "fix the errors above first")


def supervision(way: str, *, lingers: bool) -> Check:
    """What restarts a manager that was killed. `way`: systemd, process, or off."""
    if way == "off":
        words = "STACKFERRY_SUPERVISOR=off: a killed manager is not restarted until a command changes something"
        return Check("supervisor", "warn", words, "unset it")
    if way == "systemd":
        linger = "" if lingers else "systemd stops it when you log out: keep it running with `loginctl enable-linger`"
        return Check("supervisor", "ok", "systemd restarts a killed manager, in a user unit", linger)
    words = "a small process restarts a killed manager: systemd is not available for this user"
    return Check("supervisor", "ok", words)


@dataclass(frozen=True, slots=True)
class Keeping:
    """The processes behind a stack: ids of `manager` and `supervisor`, 0 for none; `unit`: its systemd unit, if any.

    `restarting`: the manager is about to be restarted. `lost`: the stack had a supervisor, which is gone.
    """

    stack: str
    manager: int
    supervisor: int = 0
    unit: str = ""
    restarting: bool = False
    lost: bool = False


def keeping(found: Keeping) -> Check:
    """Whether a stack has a manager, and the manager a supervisor."""
    name = f"manager of {found.stack}"
    if not found.manager:
        if found.restarting:
            return Check(name, "warn", "not running; one is being started")
        return Check(
            name,
            "warn",
            "not running: failed tasks are not replaced",
            f"start it with `stackferry manager start {found.stack}`",
        )
    shown = f"process {found.manager}"
    if found.unit:
        return Check(name, "ok", f"{shown}, supervised by systemd in {found.unit}")
    if found.supervisor:
        return Check(name, "ok", f"{shown}, supervised by process {found.supervisor}")
    if found.lost:
        again = f"run `stackferry manager stop {found.stack}`, then `start`"
        return Check(name, "warn", f"{shown}; its supervisor has exited, so it is not restarted if it is killed", again)
    return Check(name, "ok", f"{shown}, not restarted if it is killed: the stack was started with `up` without -d")


def state_directory(path: str, problem: str) -> Check:
    """Whether the folder for the state of stacks is usable."""
    if problem:
        return Check("state", "FAIL", f"{path}: {problem}", "set XDG_STATE_HOME to a directory that you own")
    return Check("state", "ok", f"{path} is writable")


def secrets_folder(path: str, problem: str, hint: str) -> Check:
    """Whether the folder for files of secrets is usable."""
    if problem:
        return Check("secrets", "FAIL", problem, hint)
    return Check("secrets", "ok", f"{path} is only accessible to you, or will be once a secret is stored there")


def disk(name: str, path: str, free: int) -> Check:
    """Whether a disk has room for a store, or for images and containers."""
    shown = f"{free / (1 << 30):.1f} GiB free at {path}"
    if free < TOO_LITTLE:
        return Check(name, "FAIL", shown, "free some disk space")
    return Check(name, "warn", shown, "free some disk space") if free < SCARCE else Check(name, "ok", shown)
