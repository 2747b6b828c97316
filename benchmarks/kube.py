"""`stackferry kube up` of a stack that has not changed, against `kubectl apply --server-side` of the same manifests.

On the node of the tests (`make test-cluster` builds it). kubectl neither waits nor looks for what is left over.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.measure import ROOT, Command, compete, environment, once, ours
from tests.cluster.session import cluster, unavailable

SERVICE = """\
  svc{n}:
    image: busybox:1
    command: sleep 100000
    environment: {{NAME: svc{n}}}
    expose: ["80"]
    stop_grace_period: 0s
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, bring the stack up, measure, print, take it down."""
    parser = argparse.ArgumentParser(prog="kube.py", description=__doc__)
    parser.add_argument("--services", type=int, default=20, metavar="N", help="services of the stack (default 20)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of each (default 5)")
    options = parser.parse_args(arguments)
    reason = unavailable("node")
    if reason:
        print(reason)
        return 0
    with cluster("node") as node, tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        folder = Path(scratch)
        services = "".join(SERVICE.format(n=number) for number in range(options.services))
        (folder / "compose.yaml").write_text(f"name: bench\nservices:\n{services}", "utf-8")
        # kubectl caches server facts in the home directory.
        seen = {**environment(scratch), "PYTHONPATH": str(ROOT), "HOME": scratch}
        where = ["--context", "test", "--kubeconfig", str(node.kubeconfig)]
        up = Command([*ours(), "kube", "up", "--yes", *where], scratch, seen)
        once(up)
        manifests = str(folder / "manifests.yaml")
        once(Command([*ours(), "convert", "-n", "bench", "-o", manifests], scratch, seen))
        kubectl = [str(node.kubectl), "--kubeconfig", str(node.kubeconfig), "apply", "--server-side"]
        theirs = Command([*kubectl, "--force-conflicts", "-f", manifests], scratch, seen)
        once(theirs)
        mine, their = compete([up, theirs], options.repeats)
        once(Command([*ours(), "kube", "down", "--volumes", *where], scratch, seen))
    print(f"kube up of {options.services} services that have not changed")
    print(f"  wall {mine.wall:.2f}s, kubectl {their.wall:.2f}s: {mine.wall / their.wall:.2f}x")
    print(f"  CPU  {mine.cpu:.2f}s, kubectl {their.cpu:.2f}s: {mine.cpu / their.cpu:.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
