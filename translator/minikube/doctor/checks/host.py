"""Checks this computer: the user, its resources, and obstacles between it and the node."""

from ipaddress import IPv4Network, ip_network

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.minikube import Status
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import WINDOWS
from stackferry.translator.minikube.size import LEAST_CPUS, LEAST_MEMORY

USABLE_MEMORY = 1800
"""MiB below which minikube refuses, of this computer and of the machine."""
_GIB = 1 << 30
SCARCE, TOO_LITTLE = 10 * _GIB, 1 * _GIB
"""Free bytes where machines are kept: the size that a new one grows to, and VirtualBox's limit for pausing machines."""
SCARCE_AFTERWARDS = 3 * _GIB
"""The first of these for a machine that exists already."""
CLUSTER_NETWORKS = ("10.96.0.0/12", "10.244.0.0/16")
"""The networks of Services and pods."""


def root(facts: Facts) -> Finding | None:
    """Minikube refuses root, unless it is forced."""
    if facts.host.uid != 0 or not facts.driver.refuses_root:
        return None
    if facts.wanted.force:
        return ok("you are root, and --force is given")
    return fail(
        f"you are root, and minikube does not run {facts.driver.name} as root",
        "run it as another user, or, at your own risk: stackferry minikube up -- --force",
        Ending(57, "DRV_AS_ROOT"),
    )


def cpus(facts: Facts) -> Finding | None:
    """Kubernetes requires two CPUs."""
    there, asked = facts.host.cpus, facts.wanted.cpus
    if not there:
        return None
    short = Ending(29, "RSRC_INSUFFICIENT_CORES")
    if there < LEAST_CPUS:
        return fail(f"this computer has {there} CPU, and Kubernetes needs {LEAST_CPUS}", "", short)
    if asked is not None and asked < LEAST_CPUS:
        return fail(f"--cpus={asked} is less than the {LEAST_CPUS} that Kubernetes needs", "request more", short)
    if asked is not None and asked > there:
        return fail(f"--cpus={asked} is more than the {there} of this computer", "request fewer", short)
    return ok(f"{there} CPUs")


def memory(facts: Facts) -> Finding | None:
    """The installed memory, and the memory that is free now."""
    has, profile = known(facts.host.memory), facts.profile()
    asked = facts.wanted.memory or (profile.size.memory if profile else None)
    if has.total < USABLE_MEMORY:
        return fail(
            f"this computer has {has.total} MiB, and minikube needs {USABLE_MEMORY}",
            "",
            Ending(23, "RSRC_INSUFFICIENT_SYS_MEMORY"),
        )
    if asked is not None and asked < USABLE_MEMORY:
        return fail(
            f"--memory={asked} is less than the {USABLE_MEMORY} MiB that minikube needs",
            "request more",
            Ending(23, "RSRC_INSUFFICIENT_REQ_MEMORY"),
        )
    if asked is not None and asked > has.total:
        said = f"{asked} MiB are requested, and this computer has {has.total}"
        return fail(said, "request less with --memory", Ending(23, "RSRC_OVER_ALLOC_MEM"))
    status = facts.minikube.status
    if isinstance(status, Status) and status.machine == "Running":
        return ok(f"{has.available} MiB free besides the machine")
    if has.available < (asked or LEAST_MEMORY):
        return warn(
            f"{has.available} of {has.total} MiB are free, and the machine needs {asked or LEAST_MEMORY}",
            "close other programs, or request less with --memory",
        )
    return ok(f"{has.available} of {has.total} MiB are free")


def disk(facts: Facts) -> Finding | None:
    """The disk with the machines. If it is full, VirtualBox pauses running machines."""
    folder = known(facts.host.folder)
    shown = f"{folder.free / _GIB:.1f} GiB free at {folder.path}"
    if folder.free < TOO_LITTLE:
        return fail(shown, "free some space, or set MINIKUBE_HOME to a folder on another disk")
    if folder.free < (SCARCE if facts.profile() is None else SCARCE_AFTERWARDS):
        return warn(shown, "free some space: the machine's disk, which holds images and claims, grows")
    return ok(shown)


def proxy(facts: Facts) -> Finding | None:
    """Requests to the node must not go to the proxy."""
    given = {key.upper(): value for key, value in facts.host.proxies.items() if value}
    through = next((one for one in ("HTTPS_PROXY", "HTTP_PROXY") if one in given), None)
    if through is None:
        return None
    own = facts.host_only() if facts.driver.is_virtualbox else None
    node = str(own.network) if own else facts.driver.network
    lacking = [one for one in (node, *CLUSTER_NETWORKS) if one and not _spared(one, given.get("NO_PROXY", ""))]
    if not lacking:
        return ok(f"{through} is set, and NO_PROXY excludes the cluster")
    words = ",".join(lacking)
    before = "$NO_PROXY" if given.get("NO_PROXY") else "localhost,127.0.0.1"
    return warn(
        (
            f"{through} is set, and NO_PROXY does not exclude {words}: connections to the node hang"
            " (minikube only warns)"
        ),
        f'export NO_PROXY="{before},{words}"',
    )


def _spared(network: str, no_proxy: str) -> bool:
    wanted = IPv4Network(network)
    for word in no_proxy.replace(" ", ",").split(","):
        if word == "*":
            return True
        try:
            found = ip_network(word, strict=False)
        except ValueError:
            # A host name.
            continue
        if isinstance(found, IPv4Network) and wanted.subnet_of(found):
            return True
    return False


def sudo(facts: Facts) -> Finding | None:
    """The tunnel adds a route with it, even for root."""
    if facts.host.system == WINDOWS or not facts.driver.reachable:
        return None
    if "sudo" in facts.host.programs:
        return ok("sudo is installed, for minikube tunnel")
    return warn(
        "sudo is not installed; without it minikube tunnel silently adds no route",
        "install sudo, for Services of type LoadBalancer; published ports need no tunnel",
    )


def downloads(facts: Facts) -> Finding | None:
    """A new machine downloads its ISO and images, unless they are in the cache or elsewhere."""
    if not facts.driver.has_disc:
        return None
    why = known(facts.host.downloads)
    if why is None:
        return None
    if not why:
        return ok("the files for a new machine can be downloaded")
    return warn(
        (
            f"minikube's ISO image is not in its cache, and cannot be downloaded: {why}; minikube would"
            " exit with 80 or 48"
        ),
        "set HTTPS_PROXY if you have a proxy, or use a local ISO image with --iso-url=file://…",
    )


CHECKS = (
    Check(
        "as-root",
        root,
        "minikube is run as root, which it refuses for every driver except `none`.",
        "Run it as another user, or use `stackferry minikube up -- --force`.",
    ),
    Check(
        "cpus",
        cpus,
        "Fewer than two CPUs, or more requested than there are.",
        "Request at least 2, and no more than there are.",
    ),
    Check(
        "memory",
        memory,
        "Not enough memory in this computer, free at the moment, or requested.",
        "Close other programs; use `--memory`.",
    ),
    Check(
        "disk",
        disk,
        "Little disk space where minikube keeps machines. VirtualBox pauses a machine when the disk is full.",
        "Free some space, or move `MINIKUBE_HOME`.",
    ),
    Check(
        "no-proxy",
        proxy,
        "A proxy is set, and `NO_PROXY` does not exclude the node, Services and pods.",
        "Add 192.168.59.0/24, 10.96.0.0/12 and 10.244.0.0/16 to it.",
    ),
    Check(
        "downloads",
        downloads,
        "The ISO image for a new machine is not in minikube's cache, and cannot be downloaded.",
        "Set a proxy, or use `--iso-url=file://…`.",
    ),
    Check(
        "sudo-for-tunnel",
        sudo,
        "`sudo` is not installed, which `minikube tunnel` needs even as root.",
        "Install it, if you need Services of type LoadBalancer.",
    ),
)
