"""Checks the node while it runs: its clock, its disk, its share of the host, and the connection to it."""

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.minikube import Node
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn

SKEWED, WRONG = 5, 60
"""Seconds of clock difference from which to warn, and from which certificates are not valid yet."""
FILLED, FULL = 85, 97
"""Percent of the node's disk."""


def api_server(facts: Facts) -> Finding | None:
    """Looks at minikube's own status, and tries a connection."""
    name, arguments, node = facts.cluster, facts.arguments, facts.node
    is_cut_off = isinstance(node, Node) and node.answers is False
    if isinstance(facts.minikube.status, Unknown) and is_cut_off:
        return _cut_off(facts, f"the API server of {name} does not respond, and minikube status hangs")
    status = known(facts.minikube.status)
    if status is None or status.machine != "Running":
        return None
    if status.api_server == "Paused":
        return warn(
            f"Kubernetes of {name} is paused; minikube status would exit with 2", f"minikube unpause{arguments}"
        )
    if status.api_server != "Running" or status.kubelet != "Running":
        parts = f"kubelet {_state(status.kubelet)}, API server {_state(status.api_server)}"
        return warn(
            f"{name} is running, but Kubernetes is not: {parts}",
            f"start it, which may fail with 109 or 80 after 9 minutes; then find out why: minikube ssh{arguments}"
            " -- sudo journalctl -u kubelet -n 50",
        )
    if is_cut_off:
        return _cut_off(facts, f"the API server of {name} is running, but its port is not reachable from this machine")
    return ok(f"Kubernetes of {name} is running")


def _cut_off(facts: Facts, said: str) -> Finding:
    where = f"`minikube ip{facts.arguments}`"
    return fail(said, f"check for a firewall, a VPN or another route between this machine and the address in {where}")


def _state(said: str) -> str:
    return said.lower() or "unknown"


def clock(facts: Facts) -> Finding | None:
    """The clock is behind after this computer slept: certificates made meanwhile are not valid yet."""
    node = known(facts.node)
    if node is None:
        return None
    if node.ahead is None:
        return warn("not tried: the node did not report its time")
    seconds = round(abs(node.ahead))
    if seconds < SKEWED:
        return ok("the node's clock is correct")
    said = f"the node's clock is {seconds} s {'ahead' if node.ahead > 0 else 'behind'}"
    remedy = f"run minikube stop{facts.arguments} and start it again, which sets its clock"
    if seconds < WRONG:
        return warn(said, remedy)
    return fail(f"{said}: certificates may be not yet valid, or expired", remedy)


def share(facts: Facts) -> Finding | None:
    """Bind mounts of the stack are copied if the node does not see the host's folder."""
    wanted = facts.driver.share(facts.host.system)
    if wanted is None or (facts.driver.is_virtualbox and facts.virtualbox.program is None):
        return None
    copied = "bind mounts are copied into claims; `stackferry minikube up --mount` mounts them instead"
    if not facts.wanted.has_mounts or not facts.config().has_mounts:
        return ok("turned off by --disable-driver-mounts: bind mounts are copied into claims")
    if wanted.host not in facts.host.folders:
        return warn(f"{wanted.host} does not exist on this computer, so the node does not get it", copied)
    machine = known(facts.virtualbox.machine)
    if machine is not None and wanted.host not in machine.shares:
        return warn(f"the machine was created without a share of {wanted.host}", copied)
    node = facts.node
    if isinstance(node, Node) and node.has_share is False:
        return warn(
            (
                f"the machine has a share of {wanted.host}, but the node does not have {wanted.node}, as"
                " with the ISO image of 1.26"
            ),
            copied,
        )
    if isinstance(node, Node) and node.has_share:
        return ok(f"{wanted.host} is available as {wanted.node} on the node")
    return ok(f"the machine {'has' if machine else 'will have'} a share of {wanted.host}")


def disk(facts: Facts) -> Finding | None:
    """A node with a full disk is healthy according to `minikube status`."""
    node = known(facts.node)
    if node is None:
        return None
    if node.disk is None:
        return warn("not tried: the node did not report its disk usage")
    left = "" if node.room is None else f", {node.room} MiB left"
    said = f"the node's disk is {node.disk} % full{left}"
    remedy = (
        "run docker image prune or crictl rmi --prune on the node; for a larger --disk-size, create a new --cluster"
    )
    if node.disk >= FULL:
        return fail(said, remedy, Ending(100, "K8S_INSTALL_FAILED"))
    return warn(said, remedy) if node.disk >= FILLED else ok(said)


CHECKS = (
    Check(
        "api-server",
        api_server,
        "The machine is running, but Kubernetes is not, is paused, or cannot be reached from this machine.",
        "Start it; run `minikube unpause`; see `journalctl -u kubelet` on the node; check for a firewall or VPN.",
    ),
    Check(
        "clock",
        clock,
        "The node's clock is wrong, for example after this computer was suspended: certificates are not valid yet.",
        "Stop and start the machine.",
    ),
    Check(
        "home-share",
        share,
        "The node does not have the host's home (`/hosthome`): turned off, missing, or not mounted.",
        "Bind mounts are copied into claims instead; or use `--mount`.",
    ),
    Check(
        "node-disk-full",
        disk,
        "The node's disk is full or nearly full, which minikube does not report.",
        "Remove images on the node; a larger `--disk-size` needs a new cluster.",
    ),
)
