import pytest

from stackferry.translator.minikube.released import Volume, volumes_of

PATH = "/tmp/hostpath-provisioner/shop/data"


def volume(path=PATH, uid="1", policy="Delete", by="k8s.io/minikube-hostpath"):
    annotations = {"pv.kubernetes.io/provisioned-by": by, "hostPathProvisionerIdentity": "abc"}
    spec = {"claimRef": {"uid": uid}, "hostPath": {"path": path}, "persistentVolumeReclaimPolicy": policy}
    return {"metadata": {"name": "pv-1", "annotations": annotations}, "spec": spec}


def test_those_of_the_claims():
    assert list(volumes_of({"1"}, [volume(), volume(uid="2")])) == [Volume("pv-1", PATH)]


@pytest.mark.parametrize(
    "other",
    [
        volume(policy="Retain"),
        volume(by="rancher.io/local-path"),
        volume(path="/data/shop"),
        volume(path="/tmp/hostpath-provisioner/"),
        volume(path="/tmp/hostpath-provisioner/../../etc"),
        {"metadata": {"name": "nfs"}, "spec": {"claimRef": {"uid": "1"}, "nfs": {}}},
    ],
)
def test_nothing_else_is_ever_removed(other):
    assert list(volumes_of({"1"}, [other])) == []
