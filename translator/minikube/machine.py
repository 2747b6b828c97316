"""What to do with a profile's machine before a stack can run there, and the arguments of `minikube start`. Pure.

A machine is created once: minikube only warns about other CPUs, memory or disk and keeps the old ones, so differences
are found here before it is called.
"""

from collections.abc import Iterator, Sequence
from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.flags import value
from stackferry.translator.minikube.node_ports import WIDE
from stackferry.translator.minikube.profile import HANGS, Profile, Status
from stackferry.translator.minikube.size import Size

RUNTIME = "containerd"
"""Minikube's default changes from docker to containerd with its version 1.39."""
KUBERNETES = "v1.34.4"
_EXTRA = "extra-config"
_PORTS = "apiserver.service-node-port-range"


class Action(Enum):
    """What to do with the machine."""

    CREATE = "create"
    START = "start"
    NOTHING = "nothing"
    CONTEXT = "context"
    """The machine runs, but the kubeconfig does not know it."""
    ANEW = "anew"
    """The machine was never completed: delete it, if the user agrees, and create it."""


@dataclass(frozen=True, slots=True)
class MachineRequest:
    """The wanted machine.

    `asked` is the size that the user gave, `needed` the size that the stack needs; `flags` are those after `--`.
    `ports` are the stack's published ports. `driver`: None for that of an existing profile. `kubernetes`: the requested
    version, as `1.34`, if any.
    """

    profile: str
    driver: str | None
    asked: Size
    needed: Size
    flags: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    kubernetes: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How a machine differs from the wanted one, and cannot be changed. `instead`: the option to go on with it."""

    what: str
    there: str
    wanted: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.what}: it has {self.there}, requested {self.wanted}"


def action(profile: Profile | None, status: Status) -> Action:
    """By the profile, None if there is none, and its `minikube status`."""
    if profile is None:
        return Action.CREATE
    if status.is_serving:
        return Action.NOTHING if status.is_known else Action.CONTEXT
    if status.machine in ("Stopped", HANGS) and not profile.address:
        # The start was interrupted after the machine was registered, and before minikube knew its address. Either it
        # has no disk, and minikube would start it as it is; or it runs, and minikube would not find it.
        return Action.ANEW
    return Action.START


def differences(profile: Profile, request: MachineRequest) -> Iterator[Difference]:
    """How an existing machine differs. More than the needed size is no difference; any other than the asked size is."""
    if request.driver and profile.driver and request.driver != profile.driver:
        yield Difference("driver", profile.driver, request.driver)
    runtime = value(request.flags, "container-runtime")
    if runtime and profile.runtime and runtime != profile.runtime:
        yield Difference("container runtime", profile.runtime, runtime)
    if request.kubernetes and profile.kubernetes and minor(profile.kubernetes) != minor(request.kubernetes):
        yield Difference("Kubernetes", profile.kubernetes, request.kubernetes)
    yield from _sizes(profile.size, request)
    outside = [one for one in request.ports if one not in profile.node_ports]
    if outside:
        there = f"{profile.node_ports[0]}-{profile.node_ports[-1]}"
        yield Difference("node ports", there, ", ".join(map(str, outside)), f"--node-port-range {there}")


_MEASURES = (("cpus", "CPUs", "", "--cpus"), ("memory", "memory", " MB", "--memory"), ("disk", "disk", " MB", ""))


def _sizes(there: Size, request: MachineRequest) -> Iterator[Difference]:
    for name, shown, unit, option in _MEASURES:
        has, asked, needed = getattr(there, name), getattr(request.asked, name), getattr(request.needed, name)
        if has is None:
            continue
        if asked is not None:
            if asked != has:
                yield Difference(shown, f"{has}{unit}", f"{asked}{unit}")
        # A claim's size is not enforced, and an image may be shared: a disk is only too small once it is full.
        elif needed is not None and name != "disk" and needed > has:
            yield Difference(shown, f"{has}{unit}", f"at least {needed}{unit}", f"{option} {has}")


def start_words(request: MachineRequest, profile: Profile | None) -> list[str]:
    """The command line that creates or starts the machine, with every option that we rely on.

    A user's `minikube config` and new versions have other defaults. What follows `--` comes last, and wins.
    """
    size = request.asked.over(request.needed) if profile is None else profile.size
    driver = (profile.driver if profile else None) or request.driver
    words = ["minikube", "start", "-o", "json", "-p", request.profile, "--interactive=false"]
    words += [f"--driver={driver}"] if driver else []
    words += [f"--cpus={size.cpus}"] if size.cpus else []
    words += [f"--memory={size.memory}mb"] if size.memory else []
    words += [f"--disk-size={size.disk}mb"] if size.disk else []
    words += _kubernetes(request, profile)
    if not _says_ports(request.flags):
        ports = profile.node_ports if profile else WIDE
        words.append(f"--{_EXTRA}={_PORTS}={ports[0]}-{ports[-1]}")
    return [*words, *request.flags]


def _kubernetes(request: MachineRequest, profile: Profile | None) -> list[str]:
    if value(request.flags, "no-kubernetes") == "true":
        # Minikube refuses a version in that case.
        return [f"--container-runtime={(profile and profile.runtime) or RUNTIME}"]
    version = (profile and profile.kubernetes) or _release(request)
    runtime = (profile and profile.runtime) or RUNTIME
    return [f"--kubernetes-version={version}", f"--container-runtime={runtime}"]


def _release(request: MachineRequest) -> str:
    """The Kubernetes release of a new cluster: the one that we know best, or the first of the requested version."""
    if request.kubernetes is None or minor(request.kubernetes) == minor(KUBERNETES):
        return KUBERNETES
    return f"v1.{minor(request.kubernetes)}.0"


def minor(version: str) -> int | None:
    """The 34 of `v1.34.4` and of `1.34`."""
    parts = version.removeprefix("v").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None


def node_ports(flags: Sequence[str]) -> range:
    """The node ports that the API server allows, as set when the cluster was created."""
    said = next((word.rpartition("=")[2] for word in reversed(flags) if _PORTS in word), "")
    first, _, last = said.partition("-")
    return range(int(first), int(last) + 1) if first.isdigit() and last.isdigit() else WIDE


def _says_ports(flags: Sequence[str]) -> bool:
    return any(_PORTS in word for word in flags)
