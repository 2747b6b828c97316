"""The restrictions of a compose file, and whether the manifests keep them: the table behind `--strict-security`.

A control is a key, or the code of a note, by which something is forbidden, limited or kept apart. It is lost if the
report says that the key needs action or is not supported, or if its approximation forbids less.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from stackferry.grammar.explanation import Row
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.fates import fate_of
from stackferry.translator.notes import Kind, Note, Path

_NOT_IN_FORCE = frozenset((Kind.NEEDS_ACTION, Kind.NOT_YET))
_AT_ALL = _NOT_IN_FORCE | {Kind.APPROXIMATED}
_WEAKER = frozenset((Kind.APPROXIMATED,))


@dataclass(frozen=True, slots=True)
class Control:
    """Why a key is a control. With `keys`, only if the last `*` of its path stands for one of these.

    `lost`: the fates with which less is forbidden than before; other fates forbid as much or more.
    """

    reason: str
    keys: str = ""
    lost: frozenset[Kind] = _NOT_IN_FORCE


@dataclass(frozen=True, slots=True)
class Lost:
    """A control that the manifests do not have. `message` is the report's, `reason` says what it was for."""

    path: Path
    reason: str
    message: str
    hint: str = ""


_APART = "services that share no network can reach each other"
_FILE = "users other than the owner can read the file"
_PROCESSES = "a container can exhaust the node's processes"
_MEMORY = "a container can use all memory of the node"
_CPU = "a container can use all CPUs of the node"
_MOUNT = "mounted files can be written, executed or used to gain privileges"
_ULIMIT = Control("the kernel limit is not applied", keys="as|core|cpu|data|fsize|nofile|nproc|rss|stack")

CONTROLS: Mapping[str, Control] = MappingProxyType(
    {
        "services.*.cap_drop": Control("the container keeps privileges that the compose file drops"),
        "services.*.security_opt": Control("the container is not confined in this way"),
        "services.*.read_only": Control("the container can modify its own programs"),
        "services.*.user": Control("the container may run as root"),
        "services.*.userns_mode": Control("root in the container is root on the node"),
        "services.*.isolation": Control("the container shares its kernel with others"),
        "services.*.umask": Control("files written by the container are accessible to more users"),
        "services.*.credential_spec": Control("the container does not run as its restricted account"),
        "services.*.network_mode": Control("the container has network access that the compose file denies"),
        "services.*.networks": Control(_APART, lost=_AT_ALL),
        "services.*.networks.*": Control(_APART, lost=_AT_ALL),
        "networks.*": Control(_APART, lost=_AT_ALL),
        "networks.*.internal": Control("the services can reach external networks", lost=_AT_ALL),
        "networks.*.driver_opts.*": Control(
            "traffic between containers is open, or goes unencrypted", keys=r"encrypted|.*\.enable_icc|.*host_binding.*"
        ),
        "services.*.pids_limit": Control(_PROCESSES),
        "services.*.deploy.resources.limits.pids": Control(_PROCESSES),
        "services.*.mem_limit": Control(_MEMORY),
        "services.*.deploy.resources.limits.memory": Control(_MEMORY),
        "services.*.cpus": Control(_CPU),
        "services.*.deploy.resources.limits.cpus": Control(_CPU),
        "services.*.storage_opt": Control("a container can fill the node's disk"),
        **{f"services.*.ulimits.*{part}": _ULIMIT for part in ("", ".soft", ".hard")},
        "services.*.sysctls.*": Control(
            "a setting that hardens the kernel's network is not applied",
            keys=r"net\.ipv[46]\.(conf|icmp|neigh|route)\b.*|net\.ipv4\.(icmp_.*|tcp_syncookies)|(kernel|fs)\..*",
        ),
        "services.*.tmpfs": Control(_MOUNT, lost=_AT_ALL),
        "services.*.volumes[].tmpfs.mode": Control("every user in the container can write to the folder", lost=_AT_ALL),
        "services.*.volumes[].read_only": Control("the container can write to a read-only mount"),
        "services.*.volumes[].bind.recursive": Control("mounts below it can be written"),
        **{
            f"services.*.{section}[].{key}": Control(_FILE, lost=_WEAKER)
            for section in ("secrets", "configs")
            for key in ("uid", "gid", "mode")
        },
    }
)
"""By key path, as in the table of fates."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "kubernetes-host-ip": "a port bound to one address of the host is open on every address of the node",
        "kubernetes-runtime-name": "the container does not run in the sandbox of its runtime",
    }
)
"""By code of a note, for keys that are a control with some values only; each gives the reason."""

KEPT = frozenset(("kubernetes-network-policy",))
"""Codes of notes for controls that are kept: who asks for NetworkPolicies has a cluster that enforces them."""


def lost_controls(notes: Iterable[Note], rows: Iterable[Row]) -> tuple[Lost, ...]:
    """Every lost control: from the notes of a translation, and from rows without a note of their own."""
    return tuple(dict.fromkeys((*_by_notes(notes), *_by_rows(rows))))


def _by_notes(notes: Iterable[Note]) -> Iterator[Lost]:
    for note in notes:
        reason = (
            "" if note.kind.faithful or note.code in KEPT else CODES.get(note.code) or _reason(note.path, note.kind)
        )
        if reason:
            yield Lost(note.path, reason, note.message, note.hint)


def _by_rows(rows: Iterable[Row]) -> Iterator[Lost]:
    for row in rows:
        reason = "" if row.codes else _reason(row.path, row.kind)
        if reason:
            yield Lost(row.path, reason, row.why, row.hint)


def _reason(path: Path, kind: Kind) -> str:
    """The reason why a key with this fate is a lost control; empty if it is none."""
    found = fate_of(path)
    # A job has the same controls as a service.
    control = CONTROLS.get(re.sub(r"^jobs\.", "services.", found[1])) if found else None
    if found is None or control is None or kind not in control.lost:
        return ""
    if not control.keys:
        return control.reason
    parts = found[1].split(".")
    called = path[len(parts) - 1 - parts[::-1].index("*")]
    return control.reason if re.fullmatch(control.keys, str(called)) else ""
