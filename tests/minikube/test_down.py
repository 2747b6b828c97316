"""`minikube down` and the machine afterwards. Data of claims, `--machine stop` and a later `up`: test_up.py."""

from tests.cluster.kube import wait_until
from tests.engine.fixtures import engine
from tests.minikube.small import page, small, starts
from tests.minikube.stack import NAME, RARELY, lone_machine
from tests.minikube.traces import traces

__all__ = ["engine", "small"]

CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: neighbour}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
"""


def test_without_a_machine(bare_rig, tmp_path):
    stack = lone_machine(bare_rig, tmp_path / "lone")

    assert "minikube cluster minikube not found" in stack.ok("down").err
    assert "minikube cluster minikube not found" in stack.refused("urls")
    status = stack.run("status")
    assert (status.code, status.out) == (1, "machine  minikube: not found\n")


def test_a_machine_whose_cluster_does_not_run(ssh_rig, tmp_path):
    """It can be stopped, and is not deleted: who lives on it cannot be asked."""
    ssh_rig.start()
    stack = lone_machine(ssh_rig, tmp_path / "lone")

    refused = stack.refused("down", "--volumes", "--machine", "delete")
    stopped = stack.ok("down", "--machine", "stop")

    assert "does not run" in refused
    assert "Stopping the machine of minikube" in stopped.err
    assert ssh_rig.state()["vms"][NAME]["state"] == "poweroff"


@RARELY
def test_claims_stay_without_volumes(small):
    """The data of the claim is there again, and the second container that writes into it is the second."""
    small.ok("up")
    down = small.ok("down")
    kept = small.rig.kubectl("get", "all,persistentvolumeclaims", "-n", small.folder.name, "-o", "name")
    small.ok("up")

    assert "PersistentVolumeClaim/data is kept, with its data" in down.err
    assert kept == "persistentvolumeclaim/data\n"
    assert starts(small) == 2


def test_nothing_is_left_of_a_deleted_machine(small):
    """It is deleted for whoever gives up all data, and while nobody else lives on it."""
    rig = small.rig
    small.ok("up")
    machine = rig.state()["vms"][NAME]
    claim = small.folder / "claim.yaml"
    claim.write_text(CLAIM, "utf-8")
    rig.kubectl("create", "namespace", "neighbour")
    rig.kubectl("apply", "-f", claim)

    without_volumes = small.refused("down", "--machine", "delete")
    with_a_neighbour = small.refused("down", "--volumes", "--machine", "delete")
    assert "--volumes" in without_volumes
    assert "neighbour" in with_a_neighbour
    assert page(rig) == small.folder.name

    rig.kubectl("delete", "namespace", "neighbour", "--wait=false")
    rig.kubectl("delete", "deployments,persistentvolumeclaims", "--all", "-n", "default")
    wait_until(lambda: not strangers(rig, small.folder.name), "nobody else lives there")
    small.ok("down", "--volumes", "--machine", "delete")

    assert rig.state()["vms"] == {}
    assert list(traces(rig, machine)) == []
    assert small.run("status").out == "machine  minikube: not found\n"
    assert not (rig.folder / "home" / ".minikube" / "profiles" / NAME).exists()


def strangers(rig, own: str) -> set[str]:
    """The namespaces in which others run or keep something."""
    rows = ("get", "pods,persistentvolumeclaims", "-A", "-o", "custom-columns=:metadata.namespace", "--no-headers")
    return set(rig.kubectl(*rows).split()) - {"kube-system", own}
