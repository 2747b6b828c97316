"""The options of `minikube start` that checks need: flags, else `MINIKUBE_…` variables."""

from collections.abc import Mapping, Sequence

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.flags import megabytes, value

_YES = frozenset(("1", "t", "T", "true", "True", "TRUE"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Sizes in MB. None: not given."""

    force: bool = False
    no_vtx_check: bool = False
    has_mounts: bool = True
    host_only_cidr: str | None = None
    iso: str | None = None
    preload: bool = True
    cpus: int | None = None
    memory: int | None = None
    disk: int | None = None


def wanted(flags: Sequence[str], environment: Mapping[str, str]) -> Wanted:
    """From the flags, else the environment: minikube takes `MINIKUBE_HOST_ONLY_CIDR` for `--host-only-cidr`."""

    def said(name: str) -> str | None:
        found = value(flags, name)
        return found if found is not None else environment.get("MINIKUBE_" + name.upper().replace("-", "_")) or None

    def is_set(name: str, usual: str = "false") -> bool:
        return (said(name) or usual) in _YES

    cpus = said("cpus") or ""
    return Wanted(
        force=is_set("force"),
        no_vtx_check=is_set("no-vtx-check"),
        has_mounts=not is_set("disable-driver-mounts"),
        host_only_cidr=said("host-only-cidr"),
        iso=said("iso-url"),
        preload=is_set("preload", "true"),
        cpus=int(cpus) if cpus.isdecimal() else None,
        memory=megabytes(said("memory") or ""),
        disk=megabytes(said("disk-size") or ""),
    )
